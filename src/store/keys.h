// Every LevelDB key, built in one place and documented like a file format (docs/storage.md). Integers are big-endian, so that the order
// of bytes is the order of numbers; times are milliseconds since 1970 with the sign bit flipped.
//
//   m <name>                              schema, position, next_id, clean
//   k <url>                               → id of a URL, decimal
//   u <id 8>                              → UrlEntry
//   v <id 8> <number 4>                   → VersionEntry
//   s <id 8> <time 8> <file 4> <offset 8> → VisitEntry; file and offset are the metadata record's
//   c <id 8> <time 8> <file 4> <offset 8> → ClickObservation
//   e <time 8> <file 4> <offset 8> <n 1>  → EventEntry; n tells events of one capture apart
//   l <recorded 8> <key of the event>     → "", for events whose time lies before the visit that proved them
//   d <published> 00 <id 8>               → "", pages with a version by the date of the latest
//   g <site> 00 <published> 00 <id 8>     → "", the same by site
//   f <file 4>                            → where the WARC file ends, decimal: of every file that others follow
//   h <site> 00 <host>                    → HostEntry
//   p <site> 00 <host> 00 <id 8>          → PendingEntry: a visit that is judged when its run ends
//   n <site> 00 <id 8>                    → MissedEntry: a page whose last visit could not tell whether it is there
//   o <site> 00 <url>                     → id of the article, decimal, whose text goes on at a URL that had no version then
//   i <id 8>                              → ids of the pages that a list page names
//   t <digest 8> <id 8>                   → "", pages by site and title of their latest version
//   x <key>                               → the state area
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "warc/warc.h"

namespace fangzhi::store::keys {

inline constexpr int kSchema = 5;

std::string Meta(std::string_view name);
std::string UrlId(std::string_view url);
std::string Url(uint64_t id);
std::string Version(uint64_t id, uint32_t number);
std::string Visit(uint64_t id, UtcTime time, const warc::Location& metadata);
std::string Click(uint64_t id, UtcTime time, const warc::Location& metadata);
std::string Event(UtcTime time, const warc::Location& metadata, uint8_t ordinal);
std::string LateEvent(UtcTime recorded, std::string_view event_key);
std::string Date(std::string_view published, uint64_t id);
std::string SiteDate(std::string_view site, std::string_view published, uint64_t id);
std::string FileEnd(uint32_t serial);
std::string Host(std::string_view site, std::string_view host);
std::string Pending(std::string_view site, std::string_view host, uint64_t id);
std::string Missed(std::string_view site, uint64_t id);
std::string OpenEnd(std::string_view site, std::string_view next_part);
std::string Listing(uint64_t id);
std::string Title(std::string_view site, std::string_view title, uint64_t id);
std::string State(std::string_view key);

// What begins the keys of one kind (and one URL).
std::string Urls();
std::string Versions(uint64_t id);
std::string Visits(uint64_t id);
std::string AllVisits();
std::string Clicks(uint64_t id);
std::string Events();
std::string EventsFrom(UtcTime time);
std::string LateEvents();
std::string LateEventsFrom(UtcTime recorded);
std::string Dates();
std::string SiteDates(std::string_view site);
std::string FileEnds();
std::string Hosts(std::string_view site);
std::string PendingOf(std::string_view site, std::string_view host);
std::string MissedOf(std::string_view site);
std::string OpenEnds(std::string_view site);
std::string Titled(std::string_view site, std::string_view title);

// The parts of a key; 0 or empty when it is too short.
uint64_t IdOf(std::string_view key);           // of u, v, s, c
UtcTime TimeOfEvent(std::string_view key);     // of e
warc::Location PlaceOfVisit(std::string_view key);  // of s: file and offset of the metadata record
std::string_view EventOf(std::string_view late_event_key);
std::string_view PublishedOfDate(std::string_view key);
uint64_t IdAtEnd(std::string_view key);        // of d, g, n, p, t
std::string_view PublishedOfSiteDate(std::string_view key, std::string_view site);  // of g
std::string_view UrlOfOpenEnd(std::string_view key, std::string_view site);  // of o
uint32_t FileOfEnd(std::string_view key);      // of f
std::string_view HostOfKey(std::string_view key, std::string_view site);  // of h

// For messages: printable, other bytes as \xNN.
std::string Describe(std::string_view key);

}  // namespace fangzhi::store::keys
