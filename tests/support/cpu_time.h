// Processor time of this process. Tests of hostile input ask whether work stays in proportion to the input; the time on the wall would also tell
// what else the machine is doing. Bounds are many times what an optimised build needs: they catch a square, not a slow day.
#pragma once

#include <ctime>

namespace fangzhi::testing {

class CpuTime {
 public:
  double Seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

}  // namespace fangzhi::testing
