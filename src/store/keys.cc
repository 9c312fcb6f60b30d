#include "store/keys.h"

#include "base/digest.h"

namespace fangzhi::store::keys {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

void AppendBigEndian(std::string& key, uint64_t number, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift & 0xFF));
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

void AppendTime(std::string& key, UtcTime time) {
  AppendBigEndian(key, static_cast<uint64_t>(time.time_since_epoch().count()) ^ kSignBit, 8);
}

std::string OfUrl(char kind, uint64_t id) {
  std::string key(1, kind);
  AppendBigEndian(key, id, 8);
  return key;
}

std::string OfMoment(char kind, uint64_t id, UtcTime time, const warc::Location& metadata) {
  std::string key = OfUrl(kind, id);
  AppendTime(key, time);
  AppendBigEndian(key, metadata.file, 4);
  AppendBigEndian(key, metadata.offset, 8);
  return key;
}

std::string WithText(char kind, std::string_view text) {
  std::string key(1, kind);
  key.append(text);
  return key;
}

}  // namespace

std::string Meta(std::string_view name) { return WithText('m', name); }
std::string UrlId(std::string_view url) { return WithText('k', url); }
std::string Url(uint64_t id) { return OfUrl('u', id); }
std::string Version(uint64_t id, uint32_t number) {
  std::string key = OfUrl('v', id);
  AppendBigEndian(key, number, 4);
  return key;
}
std::string Visit(uint64_t id, UtcTime time, const warc::Location& metadata) {
  return OfMoment('s', id, time, metadata);
}
std::string Click(uint64_t id, UtcTime time, const warc::Location& metadata) {
  return OfMoment('c', id, time, metadata);
}
std::string Event(UtcTime time, const warc::Location& metadata, uint8_t ordinal) {
  std::string key = EventsFrom(time);
  AppendBigEndian(key, metadata.file, 4);
  AppendBigEndian(key, metadata.offset, 8);
  AppendBigEndian(key, ordinal, 1);
  return key;
}
std::string LateEvent(UtcTime recorded, std::string_view event_key) {
  return LateEventsFrom(recorded).append(event_key);
}
std::string Date(std::string_view published, uint64_t id) {
  std::string key = WithText('d', published);
  key.push_back('\0');
  AppendBigEndian(key, id, 8);
  return key;
}
std::string SiteDate(std::string_view site, std::string_view published, uint64_t id) {
  std::string key = SiteDates(site).append(published);
  key.push_back('\0');
  AppendBigEndian(key, id, 8);
  return key;
}
std::string FileEnd(uint32_t serial) {
  std::string key = FileEnds();
  AppendBigEndian(key, serial, 4);
  return key;
}
std::string Host(std::string_view site, std::string_view host) { return Hosts(site).append(host); }
std::string Pending(std::string_view site, std::string_view host, uint64_t id) {
  std::string key = PendingOf(site, host);
  AppendBigEndian(key, id, 8);
  return key;
}
std::string Missed(std::string_view site, uint64_t id) {
  std::string key = MissedOf(site);
  AppendBigEndian(key, id, 8);
  return key;
}
std::string OpenEnd(std::string_view site, std::string_view next_part) { return OpenEnds(site).append(next_part); }
std::string Listing(uint64_t id) { return OfUrl('i', id); }
std::string Title(std::string_view site, std::string_view title, uint64_t id) {
  std::string key = Titled(site, title);
  AppendBigEndian(key, id, 8);
  return key;
}
std::string State(std::string_view key) { return WithText('x', key); }

std::string Urls() { return "u"; }
std::string Versions(uint64_t id) { return OfUrl('v', id); }
std::string Visits(uint64_t id) { return OfUrl('s', id); }
std::string AllVisits() { return "s"; }
std::string Clicks(uint64_t id) { return OfUrl('c', id); }
std::string Events() { return "e"; }
std::string EventsFrom(UtcTime time) {
  std::string key("e");
  AppendTime(key, time);
  return key;
}
std::string LateEvents() { return "l"; }
std::string LateEventsFrom(UtcTime recorded) {
  std::string key("l");
  AppendTime(key, recorded);
  return key;
}
std::string Dates() { return "d"; }
std::string SiteDates(std::string_view site) {
  std::string key = WithText('g', site);
  key.push_back('\0');
  return key;
}
std::string FileEnds() { return "f"; }
std::string Hosts(std::string_view site) {
  std::string key = WithText('h', site);
  key.push_back('\0');
  return key;
}
std::string PendingOf(std::string_view site, std::string_view host) {
  std::string key = WithText('p', site);
  key.push_back('\0');
  key.append(host);
  key.push_back('\0');
  return key;
}
std::string MissedOf(std::string_view site) {
  std::string key = WithText('n', site);
  key.push_back('\0');
  return key;
}
std::string OpenEnds(std::string_view site) {
  std::string key = WithText('o', site);
  key.push_back('\0');
  return key;
}
std::string Titled(std::string_view site, std::string_view title) {
  std::string text(site);
  text.push_back('\0');
  text.append(title);
  return WithText('t', Sha256(text).substr(0, 8));
}

uint64_t IdOf(std::string_view key) { return key.size() < 9 ? 0 : ReadBigEndian(key.substr(1, 8)); }
UtcTime TimeOfEvent(std::string_view key) {
  if (key.size() < 9) return {};
  return UtcTime{std::chrono::milliseconds{static_cast<int64_t>(ReadBigEndian(key.substr(1, 8)) ^ kSignBit)}};
}
warc::Location PlaceOfVisit(std::string_view key) {
  if (key.size() < 29) return {};
  return {static_cast<uint32_t>(ReadBigEndian(key.substr(17, 4))), ReadBigEndian(key.substr(21, 8)), 0};
}
std::string_view EventOf(std::string_view late_event_key) {
  return late_event_key.size() < 9 ? std::string_view() : late_event_key.substr(9);
}
std::string_view PublishedOfDate(std::string_view key) {
  return key.size() < 10 ? std::string_view() : key.substr(1, key.size() - 10);
}

uint64_t IdAtEnd(std::string_view key) { return key.size() < 9 ? 0 : ReadBigEndian(key.substr(key.size() - 8)); }
std::string_view PublishedOfSiteDate(std::string_view key, std::string_view site) {
  const size_t begin = site.size() + 2;
  return key.size() < begin + 9 ? std::string_view() : key.substr(begin, key.size() - begin - 9);
}
uint32_t FileOfEnd(std::string_view key) { return key.size() < 5 ? 0 : static_cast<uint32_t>(ReadBigEndian(key.substr(1, 4))); }
std::string_view HostOfKey(std::string_view key, std::string_view site) {
  return key.size() < site.size() + 2 ? std::string_view() : key.substr(site.size() + 2);
}
std::string_view UrlOfOpenEnd(std::string_view key, std::string_view site) { return HostOfKey(key, site); }

std::string Describe(std::string_view key) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '\\') {
      text.push_back(c);
    } else {
      text.append({'\\', 'x', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return text;
}

}  // namespace fangzhi::store::keys
