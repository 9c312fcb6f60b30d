// The entries of the index to and from the JSON of their values. A fact that is absent, empty or 0 has no key. What the key of an entry
// says (id, time, number) is not repeated in its value, but for times: they are there for people.
#pragma once

#include <string>
#include <string_view>

#include "model/json.h"
#include "store/facts.h"
#include "store/index.h"
#include "store/ledger.h"

namespace fangzhi::store {

// An event as it is stored: the page by its id.
struct StoredEvent {
  uint64_t url_id = 0;
  EventEntry event;  // without url and site
};

std::string Encode(const UrlEntry& entry);
std::string Encode(const VersionEntry& entry);
std::string Encode(const VisitEntry& entry);
std::string Encode(const ClickObservation& entry);
std::string Encode(const StoredEvent& entry);
std::string Encode(const HostEntry& entry);
std::string Encode(const MissedEntry& entry);
std::string Encode(const PendingEntry& entry);
std::string Encode(const ListingEntry& entry);
std::string Encode(const warc::Location& location);

// False when the value is not such an entry.
bool Decode(std::string_view value, UrlEntry* entry);
bool Decode(std::string_view value, VersionEntry* entry);
bool Decode(std::string_view value, VisitEntry* entry);
bool Decode(std::string_view value, ClickObservation* entry);
bool Decode(std::string_view value, StoredEvent* entry);
bool Decode(std::string_view value, HostEntry* entry);
bool Decode(std::string_view value, MissedEntry* entry);
bool Decode(std::string_view value, PendingEntry* entry);
bool Decode(std::string_view value, ListingEntry* entry);
bool Decode(std::string_view value, warc::Location* location);

}  // namespace fangzhi::store
