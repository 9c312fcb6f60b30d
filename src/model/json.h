// The model's types to and from JSON, as INTERFACE documents it: the only place where its keys are spelled. Absent facts are null.
// Reading is tolerant of missing keys and of types that do not fit (the field is then absent); it never throws.
#pragma once

#include <nlohmann/json.hpp>

#include "base/time.h"
#include "model/capture.h"
#include "model/page.h"

namespace fangzhi::model {

using Json = nlohmann::ordered_json;

Json ToJson(const PageRecord& record);
Json ToJson(const RepairStep& step);
Json ToJson(const Damage& damage);
Json ToJson(const Link& link);
PageRecord PageRecordFromJson(const Json& json);

// One line, UTF-8; ill-formed bytes become U+FFFD instead of an exception.
std::string Dump(const Json& json);
// nullopt for anything that is not JSON; nesting deeper than 64 is refused.
std::optional<Json> ParseJson(std::string_view text);

// Accessors that never throw: absent or of another type gives the default. Member gives null where `json` is no object or has no such key; it lives as
// long as `json`.
const Json& Member(const Json& json, std::string_view key);
std::string GetString(const Json& json, std::string_view key, std::string_view otherwise = "");
int64_t GetInt(const Json& json, std::string_view key, int64_t otherwise = 0);
uint64_t GetCount(const Json& json, std::string_view key);  // 0 below 0 too
std::optional<std::string> GetOptionalString(const Json& json, std::string_view key);
bool GetBool(const Json& json, std::string_view key, bool otherwise = false);

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace fangzhi::model
