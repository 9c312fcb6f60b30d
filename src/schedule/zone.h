// A named time zone behind a face that neither throws nor shows <date/tz.h>. Only for schedule/.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.h"

namespace date {
class time_zone;
}

namespace fangzhi::schedule {

// Seconds since 1970-01-01 00:00:00 on the zone's own clocks.
using LocalSeconds = std::chrono::seconds;

class Zone {
 public:
  explicit Zone(const std::string& name);  // UTC where the system does not know the zone
  LocalSeconds ToLocal(UtcTime time) const;
  // The instants at which the zone's clocks show `local`: two where a clock change repeats it. Where one
  // skips it, the change itself.
  std::vector<UtcTime> ToUtc(LocalSeconds local) const;

 private:
  const date::time_zone* zone_ = nullptr;
};

}  // namespace fangzhi::schedule
