#include "store/fold.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/strings.h"
#include "store/entry_json.h"
#include "store/keys.h"
#include "text/text.h"

namespace fangzhi::store {
namespace {

constexpr std::array<std::string_view, 5> kFields = {"title", "body", "source", "published", "attachments"};
constexpr size_t kShortDigest = 16;  // hexadecimal digits of a field digest: 64 bits tell two states of one page apart

std::vector<std::string> FieldsPresent(const model::PageRecord& record) {
  std::vector<std::string> names;
  const auto add = [&names](const char* name, bool present) {
    if (present) names.emplace_back(name);
  };
  add("title", record.title.has_value());
  add("published", record.published.has_value());
  add("source", record.source.has_value());
  add("clicks", record.clicks.has_value());
  add("author", record.author.has_value());
  add("editor", record.editor.has_value());
  add("column", record.column.has_value());
  add("document_number", record.document_number.has_value());
  add("index_number", record.index_number.has_value());
  add("body", !record.body.empty());
  add("attachments", !record.attachments.empty());
  add("images", !record.images.empty());
  add("counter", record.counter.has_value());
  add("charset", !record.charset.empty());
  add("language", record.language.has_value());
  return names;
}

std::vector<std::string> ChangedFields(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::string> changed;
  if (before.size() != kFields.size() || after.size() != kFields.size()) {
    changed.emplace_back("payload");
    return changed;
  }
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (before[i] != after[i]) changed.emplace_back(kFields[i]);
  }
  return changed;
}

// First bytes of the code points that text::IsSpace knows. Ideographs and most of their punctuation begin with others.
constexpr std::array<bool, 256> MayBeginSpace() {
  std::array<bool, 256> table{};
  for (size_t c = 0; c <= 0x20; ++c) table[c] = true;
  for (const size_t c : {0xC2, 0xE1, 0xE2, 0xE3, 0xEF}) table[c] = true;
  return table;
}
constexpr std::array<bool, 256> kMayBeginSpace = MayBeginSpace();

bool IsWhole(const CaptureFacts& facts) { return facts.outcome == model::FetchOutcome::kResponse; }

}  // namespace

ContentDigest DigestContent(const CaptureFacts& facts) {
  ContentDigest content;
  if (!facts.record) {
    content.digest = facts.payload_digest;
    return content;
  }
  const model::PageRecord& record = *facts.record;
  std::string attachments;
  for (const model::Attachment& attachment : record.attachments) {
    attachments += attachment.url;
    attachments += '\n';
    attachments += text::CollapseSpace(attachment.text);
    attachments += '\n';
  }
  const std::array<std::string, kFields.size()> normalised = {
      text::CollapseSpace(record.title.value_or("")), WithoutSpace(record.body),
      text::CollapseSpace(record.source.value_or("")), record.published.value_or(""), std::move(attachments)};
  static const std::string digest_of_nothing = Sha256Hex("");
  std::string all;
  for (size_t i = 0; i < kFields.size(); ++i) {
    std::string digest = normalised[i].empty() ? digest_of_nothing : Sha256Hex(normalised[i]);
    all.append(kFields[i]).append(" ").append(digest).append("\n");
    digest.resize(kShortDigest);
    content.field_digests.push_back(std::move(digest));
  }
  content.digest = Sha256Label(all);
  return content;
}

std::string WithoutSpace(std::string_view well_formed) {
  std::string kept;
  kept.reserve(well_formed.size());
  size_t run = 0, i = 0;
  while (i < well_formed.size()) {
    if (!kMayBeginSpace[static_cast<unsigned char>(well_formed[i])]) {
      ++i;
      continue;
    }
    const size_t begin = i;
    if (!text::IsSpace(text::DecodeUtf8(well_formed, i))) continue;
    kept.append(well_formed.substr(run, begin - run));
    run = i;
  }
  kept.append(well_formed.substr(run));
  return kept;
}

// What one capture says of its page.
struct Fold::Judgement {
  enum class Seen {
    kContent,      // the content, in `content`
    kSameContent,  // the content of the current version: an identical payload, or 304
    kAbsent,       // evidence that it is not there
    kNothing,      // no evidence
    kElsewhere,    // a redirect
    kNoPage,       // not asked as a page: counter, robots.txt, probe
  };
  Seen seen = Seen::kNothing;
  std::string verdict = "failed";
  std::string reason;
  ContentDigest content;
  bool gone = false, restored = false;

  bool Present() const { return seen == Seen::kContent || seen == Seen::kSameContent; }
};

Result<const UrlEntry*> Fold::Find(std::string_view url) {
  FZ_ASSIGN(Page * page, Load(url));
  return page == nullptr ? nullptr : &page->entry;
}

Result<Fold::Page*> Fold::Load(std::string_view url) {
  const std::string name(url);
  if (const auto found = pages_.find(name); found != pages_.end()) return found->second.get();
  const std::string id_key = keys::UrlId(url);
  FZ_ASSIGN(const std::optional<std::string> id_text, database_.Get(id_key));
  if (!id_text) return nullptr;
  const std::optional<uint64_t> id = ParseUint(*id_text);
  if (!id) return Fail(database_.Unreadable(id_key));
  const std::string key = keys::Url(*id);
  FZ_ASSIGN(const std::optional<std::string> value, database_.Get(key));
  auto page = std::make_unique<Page>();
  if (!value || !Decode(*value, &page->entry)) return Fail(database_.Unreadable(key));
  page->entry.id = *id;
  return (pages_[name] = std::move(page)).get();
}

Result<Fold::Page*> Fold::LoadOrCreate(const std::string& url, const std::string& site, Purpose purpose) {
  FZ_ASSIGN(Page * known, Load(url));
  if (known != nullptr) return known;
  if (next_id_ == 0) {
    const std::string key = keys::Meta("next_id");
    FZ_ASSIGN(const std::optional<std::string> text, database_.Get(key));
    const std::optional<uint64_t> number = text ? ParseUint(*text) : std::optional<uint64_t>(1);
    if (!number || *number == 0) return Fail(database_.Unreadable(key));
    next_id_ = *number;
  }
  auto page = std::make_unique<Page>();
  page->entry.id = next_id_++;
  next_id_changed_ = true;
  page->entry.url = url;
  page->entry.site = site;
  page->entry.purpose = PurposeName(purpose);
  page->changed = true;
  batch_.Put(keys::UrlId(url), std::to_string(page->entry.id));
  return (pages_[url] = std::move(page)).get();
}

Result<const VersionEntry*> Fold::Latest(Page& page) {
  if (!page.latest && page.entry.versions > 0) {
    const std::string key = keys::Version(page.entry.id, page.entry.versions);
    FZ_ASSIGN(const std::optional<std::string> value, database_.Get(key));
    VersionEntry version;
    if (!value || !Decode(*value, &version)) return Fail(database_.Unreadable(key));
    version.number = page.entry.versions;
    page.latest = std::move(version);
  }
  return page.latest ? &*page.latest : nullptr;
}

Fold::Judgement Fold::Judge(const CaptureFacts& facts, const UrlEntry& entry) {
  using Seen = Judgement::Seen;
  Judgement judgement;
  const auto say = [&judgement](Seen seen, std::string_view verdict, std::string reason = {}) {
    judgement.seen = seen;
    judgement.verdict = verdict;
    judgement.reason = std::move(reason);
    return judgement;
  };
  if (facts.purpose != Purpose::kPage) {
    return say(Seen::kNoPage, PurposeName(facts.purpose),
               model::HasResponse(facts.outcome) ? std::string() : facts.error);
  }
  if (!model::HasResponse(facts.outcome)) {
    return say(Seen::kNothing, "failed",
               facts.error.empty() ? std::string(model::FetchOutcomeName(facts.outcome)) : facts.error);
  }
  if (!facts.absence.empty()) return say(Seen::kAbsent, "absent", facts.absence);
  if (facts.status == 304) {
    if (entry.payload_version == 0) return say(Seen::kNothing, "failed", "304, but no content is stored");
    return say(Seen::kSameContent, "not_modified");
  }
  if (facts.status >= 300 && facts.status < 400) return say(Seen::kElsewhere, "redirect", facts.location_field);
  if (facts.status < 200 || facts.status >= 300) {
    return say(Seen::kNothing, "failed", "http_" + std::to_string(facts.status));
  }
  if (facts.record && facts.record->kind == model::PageKind::kError) {
    return say(Seen::kNothing, "failed", facts.record->kind_reason.empty() ? "error page" : facts.record->kind_reason);
  }
  if (!IsWhole(facts) && entry.versions > 0) {
    return say(Seen::kNothing, "failed", facts.error.empty() ? "truncated" : facts.error);
  }
  if (!facts.record && facts.identical) {
    if (entry.payload_version == 0) return say(Seen::kNothing, "failed", "no record");
    return say(Seen::kSameContent, "unchanged");
  }
  if (!facts.record && facts.payload_bytes == 0) return say(Seen::kNothing, "failed", "empty body");
  judgement.content = DigestContent(facts);
  return say(Seen::kContent, "unchanged");
}

Result<void> Fold::Event(const CaptureFacts& facts, Page& page, EventEntry event) {
  constexpr std::array<std::string_view, 4> kOrder = {"new", "edited", "gone", "restored"};
  event.recorded = facts.time;
  event.page_kind = page.entry.kind;
  event.version = page.entry.versions;
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  if (latest != nullptr) event.title = latest->title;
  const auto ordinal =
      static_cast<uint8_t>(std::find(kOrder.begin(), kOrder.end(), event.kind) - kOrder.begin());
  const std::string key = keys::Event(event.time, facts.metadata, ordinal);
  if (event.time < event.recorded) batch_.Put(keys::LateEvent(event.recorded, key), "");
  batch_.Put(key, Encode(StoredEvent{page.entry.id, std::move(event)}));
  return {};
}

Result<void> Fold::AddVersion(const CaptureFacts& facts, Page& page, Judgement& judgement) {
  UrlEntry& entry = page.entry;
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  if (latest != nullptr && latest->digest == judgement.content.digest) return {};
  VersionEntry version;
  version.number = entry.versions + 1;
  version.time = facts.time;
  version.not_before = entry.versions == 0 ? facts.time : entry.last_present.value_or(facts.time);
  version.status = facts.status;
  version.digest = std::move(judgement.content.digest);
  version.field_digests = std::move(judgement.content.field_digests);
  version.payload_digest = facts.payload_digest;
  version.content_type = facts.content_type;
  version.truncated = !IsWhole(facts);
  // The bytes of a revisit lie in the record that it refers to.
  version.response = facts.identical ? entry.payload : facts.response;
  version.metadata = facts.metadata;
  if (facts.record) {
    const model::PageRecord& record = *facts.record;
    version.title = record.title.value_or("");
    version.published = record.published.value_or("");
    version.source = record.source.value_or("");
    version.kind = record.kind;
    version.charset = record.charset;
    version.clicks = record.clicks;
    for (const model::RepairStep& step : record.repairs) {
      if (std::find(version.repair_families.begin(), version.repair_families.end(), step.family) ==
          version.repair_families.end()) {
        version.repair_families.push_back(step.family);
      }
    }
    version.fields_present = FieldsPresent(record);
    // The text is well-formed: every byte but the continuing ones begins a code point.
    version.body_chars = static_cast<uint64_t>(std::count_if(
        record.body.begin(), record.body.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }
  if (latest != nullptr) version.changed = ChangedFields(latest->field_digests, version.field_digests);
  if (latest == nullptr || latest->published != version.published) {
    if (latest != nullptr) batch_.Delete(keys::Date(latest->published, entry.id));
    batch_.Put(keys::Date(version.published, entry.id), "");
  }
  // What a cut response did not show was perhaps there all the time.
  const bool edited = latest != nullptr && !latest->truncated;
  const bool first = latest == nullptr;
  judgement.verdict = first ? "new" : "changed";
  entry.versions = version.number;
  entry.kind = version.kind;
  batch_.Put(keys::Version(entry.id, version.number), Encode(version));
  page.latest = std::move(version);
  if (first || edited) {
    EventEntry event;
    event.kind = first ? "new" : "edited";
    event.time = facts.time;
    event.not_before = page.latest->not_before;
    event.changed = page.latest->changed;
    FZ_TRY(Event(facts, page, std::move(event)));
  }
  return {};
}

Result<void> Fold::ObserveClicks(const CaptureFacts& facts, Page& page, const Judgement& judgement) {
  ClickObservation observation;
  observation.time = facts.time;
  uint64_t id = page.entry.id;
  if (judgement.seen == Judgement::Seen::kNoPage) {
    if (facts.purpose != Purpose::kCounter || facts.counted_page.empty() || !facts.clicks) return {};
    FZ_ASSIGN(Page * counted_page, LoadOrCreate(facts.counted_page, facts.site, Purpose::kPage));
    id = counted_page->entry.id;
    observation.clicks = *facts.clicks;
    observation.basis = facts.clicks_basis.empty() ? "counter" : facts.clicks_basis;
  } else if (judgement.Present()) {
    if (facts.record && facts.record->clicks) {
      observation.clicks = *facts.record->clicks;
      const auto basis = facts.record->provenance.find("clicks");
      if (basis != facts.record->provenance.end()) observation.basis = basis->second;
    } else if (!facts.record && facts.clicks) {
      observation.clicks = *facts.clicks;
      observation.basis = facts.clicks_basis;
    } else {
      return {};
    }
  } else {
    return {};
  }
  batch_.Put(keys::Click(id, facts.time, facts.metadata), Encode(observation));
  return {};
}

void Fold::RememberPayload(const CaptureFacts& facts, UrlEntry& entry, bool content) {
  if (!IsWhole(facts) || facts.response.length == 0) return;
  if (facts.not_modified) {
    if (content && !facts.etag.empty()) entry.etag = facts.etag;
    if (content && !facts.last_modified.empty()) entry.last_modified = facts.last_modified;
    return;
  }
  if (facts.identical) {
    entry.payload_version = content ? entry.versions : 0;
  } else {
    if (facts.payload_bytes == 0 || (!content && entry.payload_version != 0)) return;
    entry.payload = facts.response;
    entry.payload_digest = facts.payload_digest;
    entry.payload_time = facts.time;
    entry.payload_record_id = facts.response_id;
    entry.payload_version = content ? entry.versions : 0;
  }
  entry.etag = content ? facts.etag : "";
  entry.last_modified = content ? facts.last_modified : "";
}

Result<CommitOutcome> Fold::Apply(const CaptureFacts& facts) {
  using Seen = Judgement::Seen;
  FZ_ASSIGN(Page * page, LoadOrCreate(facts.url, facts.site, facts.purpose));
  UrlEntry& entry = page->entry;
  page->changed = true;
  if (entry.visits == 0) entry.first_visit = facts.time;
  ++entry.visits;
  entry.last_visit = facts.time;
  entry.last_status = facts.status;
  if (facts.purpose == Purpose::kPage) {
    entry.purpose = PurposeName(Purpose::kPage);
    if (!facts.site.empty()) entry.site = facts.site;
  }
  Judgement judgement = Judge(facts, entry);
  switch (judgement.seen) {
    case Seen::kContent:
    case Seen::kSameContent: {
      if (judgement.seen == Seen::kContent) FZ_TRY(AddVersion(facts, *page, judgement));
      if (entry.state == "gone") {
        judgement.restored = true;
        EventEntry event;
        event.kind = "restored";
        event.time = facts.time;
        event.not_before = entry.last_absent.value_or(facts.time);
        FZ_TRY(Event(facts, *page, std::move(event)));
      }
      entry.state = "present";
      entry.last_present = facts.time;
      entry.first_absent.reset();
      entry.last_absent.reset();
      entry.absent_visits = 0;
      entry.absence.clear();
      entry.failed_visits = 0;
      break;
    }
    case Seen::kAbsent: {
      if (entry.absent_visits == 0) entry.first_absent = facts.time;
      ++entry.absent_visits;
      entry.last_absent = facts.time;
      entry.absence = facts.absence;
      entry.failed_visits = 0;
      if (entry.versions == 0) {
        entry.state = "never";
      } else if (entry.state != "gone") {
        entry.state = "suspect";
        const UtcTime since = entry.first_absent.value_or(facts.time);
        if (entry.absent_visits >= facts.gone_after_visits && facts.time - since >= facts.gone_after) {
          entry.state = "gone";
          judgement.gone = true;
          EventEntry event;
          event.kind = "gone";
          event.time = since;
          event.not_before = entry.last_present.value_or(since);
          event.evidence = entry.absence + ", " + std::to_string(entry.absent_visits) +
                           (entry.absent_visits == 1 ? " visit since " : " visits since ") + FormatIso8601(since);
          FZ_TRY(Event(facts, *page, std::move(event)));
        }
      }
      break;
    }
    case Seen::kNothing:
      ++entry.failed_visits;
      if (entry.versions == 0 && entry.absent_visits == 0) entry.state = "failing";
      break;
    case Seen::kElsewhere:
      entry.failed_visits = 0;
      if (entry.state == "failing") entry.state = "never";
      break;
    case Seen::kNoPage:
      break;
  }
  FZ_TRY(ObserveClicks(facts, *page, judgement));
  RememberPayload(facts, entry, judgement.Present());

  CommitOutcome outcome;
  outcome.verdict = judgement.verdict;
  outcome.version = entry.versions;
  outcome.gone = judgement.gone;
  outcome.restored = judgement.restored;

  VisitEntry visit;
  visit.time = facts.time;
  visit.outcome = model::FetchOutcomeName(facts.outcome);
  visit.status = facts.status;
  visit.verdict = std::move(judgement.verdict);
  visit.reason = std::move(judgement.reason);
  visit.version = entry.versions;
  visit.response = facts.response;
  visit.metadata = facts.metadata;
  batch_.Put(keys::Visit(entry.id, facts.time, facts.metadata), Encode(visit));
  return outcome;
}

void Fold::Flush(Batch& batch) {
  for (const auto& [key, value] : batch_.changes()) {
    if (value) {
      batch.Put(key, *value);
    } else {
      batch.Delete(key);
    }
  }
  for (const auto& [url, page] : pages_) {
    if (page->changed) batch.Put(keys::Url(page->entry.id), Encode(page->entry));
  }
  if (next_id_changed_) batch.Put(keys::Meta("next_id"), std::to_string(next_id_));
  pages_.clear();
  batch_.Clear();
  next_id_ = 0;
  next_id_changed_ = false;
}

}  // namespace fangzhi::store
