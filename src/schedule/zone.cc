#include "schedule/zone.h"

#include <date/tz.h>

#include <algorithm>

#include "base/strings.h"
#include "schedule/schedule.h"

namespace fangzhi::schedule {
namespace {

// The library throws for an unknown zone and for a database that cannot be read.
const date::time_zone* FindZone(const std::string& name) noexcept {
  try {
    return date::locate_zone(name);
  } catch (...) {
    return nullptr;
  }
}

// "Asia/Shanghai" → "shanghai".
std::string CityOf(std::string_view zone) {
  const size_t slash = zone.rfind('/');
  return ToAsciiLower(slash == std::string_view::npos ? zone : zone.substr(slash + 1));
}

// Cities that people name and the database does not.
constexpr std::string_view kChineseCities[] = {"beijing",  "peking",  "lanzhou", "guangzhou",
                                               "shenzhen", "tianjin", "china",   "cst"};

}  // namespace

Zone::Zone(const std::string& name) : zone_(FindZone(name)) {}

LocalSeconds Zone::ToLocal(UtcTime time) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  if (zone_ != nullptr) {
    try {
      return zone_->get_info(seconds).offset + seconds.time_since_epoch();
    } catch (...) {  // UTC is better than an end of the program
    }
  }
  return seconds.time_since_epoch();
}

std::vector<UtcTime> Zone::ToUtc(LocalSeconds local) const {
  if (zone_ != nullptr) {
    try {
      const date::local_info info = zone_->get_info(date::local_seconds(local));
      if (info.result == date::local_info::nonexistent) return {UtcTime(info.first.end.time_since_epoch())};
      std::vector<UtcTime> times = {UtcTime(local - info.first.offset)};
      if (info.result == date::local_info::ambiguous) times.push_back(UtcTime(local - info.second.offset));
      return times;
    } catch (...) {
    }
  }
  return {UtcTime(local)};
}

bool IsTimeZone(std::string_view name) {
  // The database is a folder: a name must not lead out of it.
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string_view::npos)
    return false;
  return FindZone(std::string(name)) != nullptr;
}

std::string NearestTimeZone(std::string_view name) {
  constexpr std::string_view kHome = "Asia/Shanghai";
  name = name.substr(0, 64);
  const std::string wanted = ToAsciiLower(name);
  const std::string wanted_city = CityOf(name);
  if (std::find(std::begin(kChineseCities), std::end(kChineseCities), wanted_city) !=
      std::end(kChineseCities)) {
    return std::string(kHome);
  }
  std::string nearest(kHome);
  size_t least = std::max<size_t>(2, name.size() / 2);  // further away is no likeness
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      const std::string candidate = ToAsciiLower(zone.name());
      size_t distance = EditDistance(wanted, candidate);
      if (CityOf(zone.name()) == wanted_city)
        distance = std::min<size_t>(distance, 1);  // the right city in the wrong place
      if (distance < least) {
        least = distance;
        nearest = zone.name();
      }
    }
  } catch (...) {
  }
  return nearest;
}

}  // namespace fangzhi::schedule
