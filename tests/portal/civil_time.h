// Virtual time: seconds since 1970 UTC, shown in China Standard Time (UTC+8, no summer time).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fangzhi::portal {

inline constexpr int64_t kDay = 86400;
inline constexpr int64_t kChinaOffset = 8 * 3600;

struct CivilTime {
  int year, month, day, hour, minute, second, weekday;  // weekday: 0 is Sunday
};

CivilTime ToChina(int64_t time);
std::string IsoTime(int64_t time);      // 2024-06-03T08:00:00+08:00
std::string IsoDate(int64_t time);      // 2024-06-03
std::string IsoMinute(int64_t time);    // 2024-06-03 08:00
std::string ChineseDate(int64_t time);  // 2024年6月3日, UTF-8
std::string HttpDate(int64_t time);     // Mon, 03 Jun 2024 00:00:00 GMT
// Takes "2024-06-03", with "T08:00", ":00" and "+08:00" or "Z" if wanted; without a zone it is China's.
// False: not a time.
bool ParseIso(std::string_view text, int64_t* time);
// -1: not an HTTP date in the form that HttpDate writes.
int64_t ParseHttpDate(std::string_view text);

}  // namespace fangzhi::portal
