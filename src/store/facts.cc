#include "store/facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "model/json_text.h"
#include "text/text.h"

namespace fangzhi::store {
namespace {

using model::AppendJsonString;
using model::Json;
using model::JsonObjectText;

constexpr std::string_view kFormat = "fangzhi-capture/1";

constexpr std::array<std::pair<Purpose, std::string_view>, 5> kPurposes = {{{Purpose::kPage, "page"},
                                                                            {Purpose::kCounter, "counter"},
                                                                            {Purpose::kRobots, "robots"},
                                                                            {Purpose::kProbe, "probe"},
                                                                            {Purpose::kRun, "run"}}};

void Scrub(std::string& text) {
  if (!text::IsValidUtf8(text)) text = text::ScrubUtf8(text);
}
void Scrub(std::optional<std::string>& text) {
  if (text) Scrub(*text);
}

}  // namespace

std::string_view PurposeName(Purpose purpose) {
  for (const auto& [known, name] : kPurposes) {
    if (known == purpose) return name;
  }
  return "";
}

std::string RunUri(std::string_view site) { return "urn:fangzhi:run:" + std::string(site); }

std::string MetadataBlock(const CaptureFacts& facts) {
  JsonObjectText json;
  json.Text("format", kFormat)
      .Text("purpose", PurposeName(facts.purpose))
      .TextOrNull("site", facts.site)
      .Number("round", facts.round)
      .Number("depth", facts.depth)
      .TextOrNull("via", facts.via)
      .Text("outcome", model::FetchOutcomeName(facts.outcome))
      .TextOrNull("error", facts.error)
      .Number("duration_ms", facts.duration.count())
      .Number("status", facts.status)
      .TextOrNull("payload_digest", facts.payload_digest)
      .Number("payload_bytes", facts.payload_bytes)
      .Flag("not_modified", facts.not_modified)
      .Flag("identical", facts.identical)
      .TextOrNull("content_type", facts.content_type)
      .TextOrNull("etag", facts.etag)
      .TextOrNull("last_modified", facts.last_modified)
      .TextOrNull("location", facts.location_field)
      .TextOrNull("absence", facts.absence)
      .Number("gone_after_visits", facts.gone_after_visits)
      .Number("gone_after_seconds", facts.gone_after.count())
      .TextOrNull("counted_page", facts.counted_page)
      .TextOrNull("clicks_basis", facts.clicks_basis);
  if (facts.clicks) {
    json.Number("clicks", *facts.clicks);
  } else {
    json.Null("clicks");
  }
  std::string& record = json.Key("record");
  if (facts.record) {
    model::AppendJson(record, *facts.record);
  } else {
    record += "null";
  }
  std::string& discovered = json.Key("discovered");
  discovered.push_back('[');
  for (size_t i = 0; i < facts.discovered.size(); ++i) {
    const Discovery& discovery = facts.discovered[i];
    if (i > 0) discovered.push_back(',');
    JsonObjectText item;
    item.Text("url", discovery.url).Text("kind", model::LinkKindName(discovery.kind)).Number("depth", discovery.depth);
    if (!discovery.text.empty()) item.Text("text", discovery.text);
    if (!discovery.date.empty()) item.Text("date", discovery.date);
    if (discovery.redirects > 0) item.Number("redirects", discovery.redirects);
    if (!discovery.post.empty()) item.Text("post", discovery.post);
    if (!discovery.counts.empty()) {
      std::string& counts = item.Key("counts");
      for (size_t k = 0; k < discovery.counts.size(); ++k) {
        counts.push_back(k == 0 ? '[' : ',');
        AppendJsonString(counts, discovery.counts[k]);
      }
      counts.push_back(']');
    }
    discovered += std::move(item).Finish();
  }
  discovered.push_back(']');
  if (!facts.target.empty()) json.Text("url", facts.url);
  if (!facts.counted.empty()) {
    std::string& counted = json.Key("counted");
    for (size_t i = 0; i < facts.counted.size(); ++i) {
      JsonObjectText item;
      item.Text("page", facts.counted[i].page);
      if (facts.counted[i].clicks) {
        item.Number("clicks", *facts.counted[i].clicks);
      } else {
        item.Null("clicks");
      }
      counted.push_back(i == 0 ? '[' : ',');
      counted += std::move(item).Finish();
    }
    counted.push_back(']');
  }
  if (!facts.content_problem.empty()) json.Text("content_problem", facts.content_problem);
  if (!facts.obstacle.empty()) json.Text("obstacle", facts.obstacle);
  if (facts.unlike_link) json.Flag("unlike_link", true);
  if (facts.other_frame) json.Flag("other_frame", true);
  if (facts.only_damage != 0) json.Number("only_damage", facts.only_damage);
  if (facts.lists) {
    std::string& listing = json.Key("listing");
    for (size_t i = 0; i < facts.listing.size(); ++i) {
      listing.push_back(i == 0 ? '[' : ',');
      AppendJsonString(listing, facts.listing[i]);
    }
    listing += facts.listing.empty() ? "[]" : "]";
    if (facts.ended) json.Flag("ended", true);
  }
  if (!facts.tls_version.empty()) {
    JsonObjectText tls;
    tls.Text("version", facts.tls_version)
        .TextOrNull("cipher", facts.tls_cipher)
        .Flag("verified", facts.tls_problem.empty())
        .TextOrNull("reason", facts.tls_problem);
    json.Key("tls") += std::move(tls).Finish();
  }
  return std::move(json).Finish();
}

Result<CaptureFacts> FactsFromMetadata(std::string_view block) {
  const std::optional<Json> parsed = model::ParseJson(block);
  if (!parsed || !parsed->is_object()) return Fail(ErrorKind::kCorrupt, "metadata block is no JSON object");
  const Json& json = *parsed;
  const std::string format = model::GetString(json, "format");
  if (format != kFormat) {
    return Fail(ErrorKind::kUnsupported, "metadata of format \"" + format + "\", expected " + std::string(kFormat));
  }
  CaptureFacts facts;
  const std::string purpose = model::GetString(json, "purpose");
  bool known = false;
  for (const auto& [value, name] : kPurposes) {
    if (name != purpose) continue;
    facts.purpose = value;
    known = true;
  }
  if (!known) return Fail(ErrorKind::kUnsupported, "metadata of unknown purpose \"" + purpose + "\"");
  if (!model::ParseFetchOutcome(model::GetString(json, "outcome"), &facts.outcome)) {
    return Fail(ErrorKind::kUnsupported,
                "metadata with unknown outcome \"" + model::GetString(json, "outcome") + "\"");
  }
  facts.url = model::GetString(json, "url");
  facts.site = model::GetString(json, "site");
  facts.round = static_cast<uint64_t>(model::GetInt(json, "round"));
  facts.depth = static_cast<uint32_t>(model::GetInt(json, "depth"));
  facts.via = model::GetString(json, "via");
  facts.error = model::GetString(json, "error");
  facts.content_problem = model::GetString(json, "content_problem");
  facts.duration = std::chrono::milliseconds{model::GetInt(json, "duration_ms")};
  facts.status = static_cast<int>(model::GetInt(json, "status"));
  facts.payload_digest = model::GetString(json, "payload_digest");
  facts.payload_bytes = static_cast<uint64_t>(model::GetInt(json, "payload_bytes"));
  facts.not_modified = model::GetBool(json, "not_modified");
  facts.identical = model::GetBool(json, "identical");
  facts.content_type = model::GetString(json, "content_type");
  facts.etag = model::GetString(json, "etag");
  facts.last_modified = model::GetString(json, "last_modified");
  facts.location_field = model::GetString(json, "location");
  facts.absence = model::GetString(json, "absence");
  facts.gone_after_visits = static_cast<int>(model::GetInt(json, "gone_after_visits", 2));
  facts.gone_after = std::chrono::seconds{model::GetInt(json, "gone_after_seconds")};
  facts.counted_page = model::GetString(json, "counted_page");
  if (const auto clicks = json.find("clicks"); clicks != json.end() && clicks->is_number_integer()) {
    facts.clicks = clicks->get<int64_t>();
  }
  facts.clicks_basis = model::GetString(json, "clicks_basis");
  if (const auto record = json.find("record"); record != json.end() && record->is_object()) {
    facts.record = model::PageRecordFromJson(*record);
  }
  if (const auto discovered = json.find("discovered"); discovered != json.end() && discovered->is_array()) {
    for (const Json& item : *discovered) {
      Discovery discovery;
      discovery.url = model::GetString(item, "url");
      if (!model::ParseLinkKind(model::GetString(item, "kind"), &discovery.kind)) continue;
      discovery.depth = static_cast<uint32_t>(model::GetInt(item, "depth"));
      discovery.text = model::GetString(item, "text");
      discovery.date = model::GetString(item, "date");
      discovery.redirects = static_cast<uint32_t>(std::clamp<int64_t>(model::GetInt(item, "redirects"), 0, 1000));
      discovery.post = model::GetString(item, "post");
      if (const auto counts = item.find("counts"); counts != item.end() && counts->is_array()) {
        for (const Json& page : *counts) {
          if (page.is_string() && discovery.counts.size() < kMostListed) discovery.counts.push_back(page.get<std::string>());
        }
      }
      facts.discovered.push_back(std::move(discovery));
    }
  }
  if (const auto counted = json.find("counted"); counted != json.end() && counted->is_array()) {
    for (const Json& item : *counted) {
      if (facts.counted.size() >= kMostListed) break;
      Counted one{model::GetString(item, "page"), std::nullopt};
      if (const auto clicks = item.find("clicks"); clicks != item.end() && clicks->is_number_integer()) one.clicks = clicks->get<int64_t>();
      facts.counted.push_back(std::move(one));
    }
  }
  facts.obstacle = model::GetString(json, "obstacle");
  facts.unlike_link = model::GetBool(json, "unlike_link");
  facts.other_frame = model::GetBool(json, "other_frame");
  facts.only_damage = static_cast<uint32_t>(model::GetInt(json, "only_damage"));
  facts.ended = model::GetBool(json, "ended");
  if (const auto listing = json.find("listing"); listing != json.end() && listing->is_array()) {
    facts.lists = true;
    for (const Json& url : *listing) {
      if (url.is_string() && facts.listing.size() < kMostListed) facts.listing.push_back(url.get<std::string>());
    }
  }
  if (const auto tls = json.find("tls"); tls != json.end() && tls->is_object()) {
    facts.tls_version = model::GetString(*tls, "version");
    facts.tls_cipher = model::GetString(*tls, "cipher");
    facts.tls_problem = model::GetString(*tls, "reason");
  }
  return facts;
}

void MakeWellFormed(CaptureFacts& facts) {
  for (std::string* text :
       {&facts.url, &facts.target, &facts.error, &facts.content_problem, &facts.content_type, &facts.etag, &facts.last_modified, &facts.location_field,
        &facts.site, &facts.via, &facts.absence, &facts.counted_page, &facts.clicks_basis, &facts.obstacle,
        &facts.tls_version, &facts.tls_cipher, &facts.tls_problem}) {
    Scrub(*text);
  }
  for (std::string& url : facts.listing) Scrub(url);
  for (Discovery& discovery : facts.discovered) {
    for (std::string* text : {&discovery.url, &discovery.text, &discovery.date, &discovery.post}) Scrub(*text);
    for (std::string& page : discovery.counts) Scrub(page);
  }
  for (Counted& counted : facts.counted) Scrub(counted.page);
  if (!facts.record) return;
  model::PageRecord& record = *facts.record;
  for (std::string* text : {&record.url, &record.kind_reason, &record.body, &record.charset}) Scrub(*text);
  for (std::optional<std::string>* text :
       {&record.title, &record.published, &record.source, &record.author, &record.editor, &record.column,
        &record.document_number, &record.index_number, &record.language, &record.subtitle, &record.modified, &record.issuer,
        &record.written, &record.topic, &record.validity, &record.site_id_code, &record.next_page, &record.part_of, &record.copy_of}) {
    Scrub(*text);
  }
  for (model::Attachment& attachment : record.attachments) {
    Scrub(attachment.url);
    Scrub(attachment.text);
  }
  for (std::string& image : record.images) Scrub(image);
  if (record.list) {
    Scrub(record.list->dialect);
    Scrub(record.list->needs);
  }
  if (record.counter) {
    for (std::string* text :
         {&record.counter->url, &record.counter->kind, &record.counter->method, &record.counter->side_effect,
          &record.counter->semantics}) {
      Scrub(*text);
    }
  }
  for (model::RepairStep& step : record.repairs) {
    for (std::string* text : {&step.family, &step.before, &step.after}) Scrub(*text);
    if (!std::isfinite(step.confidence)) step.confidence = 0;
  }
  for (model::Damage& damage : record.damage) {
    Scrub(damage.family);
    Scrub(damage.text);
  }
  for (auto& [field, basis] : record.provenance) Scrub(basis);
  for (auto& [field, words] : record.conflicts) Scrub(words);
  for (auto& [field, value] : record.confidence) {
    if (!std::isfinite(value)) value = 0;
  }
  const auto ill_formed = [](const auto& entry) { return !text::IsValidUtf8(entry.first); };
  for (auto found = std::find_if(record.provenance.begin(), record.provenance.end(), ill_formed);
       found != record.provenance.end();
       found = std::find_if(record.provenance.begin(), record.provenance.end(), ill_formed)) {
    record.provenance.emplace(text::ScrubUtf8(found->first), found->second);
    record.provenance.erase(found);
  }
}

}  // namespace fangzhi::store
