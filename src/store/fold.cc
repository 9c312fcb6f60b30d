#include "store/fold.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/strings.h"
#include "store/entry_json.h"
#include "store/keys.h"
#include "store/likeness.h"
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

std::string_view UnreachableName(model::FetchOutcome outcome) {
  switch (outcome) {
    case model::FetchOutcome::kDnsFailure: return "dns";
    case model::FetchOutcome::kConnectFailure: return "tcp";
    case model::FetchOutcome::kTlsFailure: return "tls";
    case model::FetchOutcome::kTimeout: return "timeout";
    case model::FetchOutcome::kReset: return "rst";
    default: return model::FetchOutcomeName(outcome);
  }
}

// The body without the lines that only name an attachment: whether the list of files stands within the text or below it is a matter of the
// page's layout, and attachments are compared for themselves.
std::string BodyWithoutFiles(const model::PageRecord& record) {
  if (record.attachments.empty()) return WithoutSpace(record.body);
  std::string kept;
  for (const std::string_view line : Split(record.body, '\n')) {
    std::string squeezed = WithoutSpace(line);
    const bool names_file = squeezed.size() >= 6 && std::any_of(record.attachments.begin(), record.attachments.end(), [&](const model::Attachment& attachment) {
      const std::string name = WithoutSpace(attachment.text);
      if (name.empty() || !squeezed.ends_with(name)) return false;
      const std::string_view before = std::string_view(squeezed).substr(0, squeezed.size() - name.size());
      return before.empty() || (before.starts_with("附件") && before.size() <= 15);
    });
    if (!names_file) kept += squeezed;
  }
  return kept;
}

// A PDF, a spreadsheet, an image: its record has the name that its link gave it, and nothing of what is in it.
bool IsDocument(const model::PageRecord& record) {
  return record.kind == model::PageKind::kOther && record.charset.empty() && record.body.empty();
}

// Why a visit could not tell, for the reports.
std::string MissedReason(const CaptureFacts& facts, const std::string& reason) {
  if (model::HasResponse(facts.outcome)) return reason;
  return std::string(model::FetchOutcomeName(facts.outcome)) + (facts.error.empty() ? "" : ": " + facts.error);
}

bool IsWhole(const CaptureFacts& facts) { return facts.outcome == model::FetchOutcome::kResponse && facts.content_problem.empty(); }

// Why an answer is not whole.
std::string WhyCut(const CaptureFacts& facts) {
  return !facts.error.empty() ? facts.error : !facts.content_problem.empty() ? facts.content_problem : "truncated";
}

// The number that a page shows itself.
std::optional<ClickObservation> ClicksOf(const CaptureFacts& facts) {
  if (facts.record && facts.record->clicks) {
    const auto basis = facts.record->provenance.find("clicks");
    return ClickObservation{facts.time, *facts.record->clicks, basis == facts.record->provenance.end() ? "" : basis->second};
  }
  if (!facts.record && facts.clicks) return ClickObservation{facts.time, *facts.clicks, facts.clicks_basis};
  return std::nullopt;
}

}  // namespace

ContentDigest DigestContent(const CaptureFacts& facts) {
  ContentDigest content;
  if (!facts.record || IsDocument(*facts.record)) {
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
      text::CollapseSpace(record.title.value_or("")), BodyWithoutFiles(record),
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

Result<const UrlEntry*> Fold::Find(std::string_view url) {
  FZ_ASSIGN(Page * page, Load(url));
  return page == nullptr ? nullptr : &page->entry;
}

Result<const VersionEntry*> Fold::FindLatest(std::string_view url) {
  FZ_ASSIGN(Page * page, Load(url));
  return page == nullptr ? Result<const VersionEntry*>(nullptr) : Latest(*page);
}

Result<std::optional<std::string>> Fold::Get(const std::string& key) {
  if (const auto found = written_.find(key); found != written_.end()) return found->second;
  return database_.Get(key);
}

Result<std::vector<std::pair<std::string, std::string>>> Fold::Scan(const std::string& prefix, size_t most, const std::string& from) {
  std::vector<std::pair<std::string, std::string>> stored;
  FZ_TRY(database_.Scan(Direction::kForward, prefix, from, nullptr, [&](std::string_view key, std::string_view value) {
    if (!written_.contains(std::string(key))) stored.emplace_back(key, value);
    return stored.size() < most;
  }));
  const size_t middle = stored.size();
  for (auto at = written_.lower_bound(std::max(prefix, from)); at != written_.end() && at->first.starts_with(prefix); ++at) {
    if (at->second) stored.emplace_back(at->first, *at->second);
  }
  std::inplace_merge(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(middle), stored.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  if (stored.size() > most) stored.resize(most);
  return stored;
}

Result<std::vector<uint64_t>> Fold::LatestIds(const std::string& prefix, size_t most) {
  // Both from the last key back; what was changed but not written counts before what is stored.
  std::vector<std::string> latest;
  auto at = written_.lower_bound(prefix);
  while (at != written_.end() && at->first.starts_with(prefix)) ++at;
  for (; latest.size() < most && at != written_.begin() && std::prev(at)->first.starts_with(prefix); --at) {
    if (std::prev(at)->second) latest.push_back(std::prev(at)->first);
  }
  const size_t changed = latest.size();
  FZ_TRY(database_.Scan(Direction::kBackward, prefix, {}, nullptr, [&](std::string_view key, std::string_view) {
    if (!written_.contains(std::string(key))) latest.emplace_back(key);
    return latest.size() - changed < most;
  }));
  std::sort(latest.begin(), latest.end());
  if (latest.size() > most) latest.erase(latest.begin(), latest.end() - static_cast<std::ptrdiff_t>(most));
  std::vector<uint64_t> ids;
  for (const std::string& key : latest) ids.push_back(keys::IdAtEnd(key));
  return ids;
}

void Fold::Put(std::string key, std::string value) {
  written_bytes_ += key.size() + value.size();
  written_[std::move(key)] = std::move(value);
}

void Fold::Delete(std::string key) {
  written_bytes_ += key.size();
  written_[std::move(key)] = std::nullopt;
}

Result<Fold::Page*> Fold::Load(std::string_view url) {
  const std::string name(url);
  if (const auto found = pages_.find(name); found != pages_.end()) return found->second.get();
  const std::string id_key = keys::UrlId(url);
  FZ_ASSIGN(const std::optional<std::string> id_text, Get(id_key));
  if (!id_text) return nullptr;
  const std::optional<uint64_t> id = ParseUint(*id_text);
  if (!id) return Fail(database_.Unreadable(id_key));
  return LoadById(*id);
}

Result<Fold::Page*> Fold::LoadById(uint64_t id) {
  if (const auto held = by_id_.find(id); held != by_id_.end()) return held->second;
  auto page = std::make_unique<Page>();
  FZ_TRY(Read(id, page->entry));
  const std::string url = page->entry.url;
  by_id_[id] = page.get();
  return (pages_[url] = std::move(page)).get();
}

Result<void> Fold::Read(uint64_t id, UrlEntry& entry) {
  const std::string key = keys::Url(id);
  FZ_ASSIGN(const std::optional<std::string> value, database_.Get(key));
  if (!value || !Decode(*value, &entry)) return Fail(database_.Unreadable(key));
  entry.id = id;
  return {};
}

Result<const UrlEntry*> Fold::Look(uint64_t id) {
  if (const auto held = by_id_.find(id); held != by_id_.end()) return &held->second->entry;
  looked_at_ = {};
  FZ_TRY(Read(id, looked_at_));
  return &looked_at_;
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
  by_id_[page->entry.id] = page.get();
  Put(keys::UrlId(url), std::to_string(page->entry.id));
  return (pages_[url] = std::move(page)).get();
}

Result<const VersionEntry*> Fold::Latest(Page& page) {
  if (!page.latest && page.entry.versions > 0) {
    const std::string key = keys::Version(page.entry.id, page.entry.versions);
    FZ_ASSIGN(const std::optional<std::string> value, Get(key));
    VersionEntry version;
    if (!value || !Decode(*value, &version)) return Fail(database_.Unreadable(key));
    version.number = page.entry.versions;
    page.latest = std::move(version);
  }
  return page.latest ? &*page.latest : nullptr;
}

Result<VersionEntry> Fold::FirstVersion(Page& page) {
  const std::string key = keys::Version(page.entry.id, 1);
  FZ_ASSIGN(const std::optional<std::string> value, Get(key));
  VersionEntry version;
  if (!value || !Decode(*value, &version)) return Fail(database_.Unreadable(key));
  version.number = 1;
  return version;
}

Fold::Judgement Fold::Judge(const CaptureFacts& facts, const UrlEntry& entry) {
  using Seen = Judgement::Seen;
  Judgement judgement;
  const auto say = [&judgement](Seen seen, std::string_view verdict, std::string_view finding, std::string reason = {}) {
    judgement.seen = seen;
    judgement.verdict = verdict;
    judgement.finding = finding;
    judgement.reason = std::move(reason);
    return judgement;
  };
  if (facts.purpose != Purpose::kPage) {
    return say(Seen::kNoPage, PurposeName(facts.purpose), "", model::HasResponse(facts.outcome) ? std::string() : facts.error);
  }
  if (!model::HasResponse(facts.outcome)) {
    return say(Seen::kNothing, "failed",
               "unreachable:" + (facts.obstacle.empty() ? std::string(UnreachableName(facts.outcome)) : facts.obstacle),
               facts.error.empty() ? std::string(model::FetchOutcomeName(facts.outcome)) : facts.error);
  }
  const std::string obstacle = facts.obstacle == "needs_js" || facts.obstacle == "throttled" || facts.obstacle.empty()
                                   ? facts.obstacle
                                   : "blocked:" + facts.obstacle;
  const bool cut = !IsWhole(facts);
  const auto say_cut = [&] { return say(Seen::kNothing, "failed", "unreachable:truncated", WhyCut(facts)); };
  // A status, and where a redirect leads, came whole; the words of a page of which a part is missing do not say that it is not there.
  const bool by_words = facts.absence == "soft_404" && facts.status >= 200 && facts.status < 300;
  if (!facts.absence.empty() && !(cut && by_words)) {
    const std::string_view finding = facts.absence.starts_with("http_") ? "hard_404" : facts.absence == "emptied" ? "emptied" : "soft_404";
    return say(Seen::kAbsent, "absent", finding, facts.absence);
  }
  if (facts.status == 304) {
    if (!facts.not_modified) return say(Seen::kNothing, "failed", "", "304 to a request without conditions");
    if (entry.payload_version == 0) return say(Seen::kNothing, "failed", "", "304, but no content is stored");
    return say(Seen::kSameContent, "not_modified", "ok");
  }
  // A page that does nothing but lead on, by a refresh or a script, is a redirect as well.
  if ((facts.status >= 300 && facts.status < 400) || (facts.status >= 200 && facts.status < 300 && !facts.location_field.empty())) {
    if (!obstacle.empty()) return say(Seen::kNothing, "failed", obstacle, facts.location_field);
    return say(Seen::kElsewhere, "redirect", "", facts.location_field);
  }
  if (facts.status < 200 || facts.status >= 300) {
    const std::string finding = !obstacle.empty()                                ? obstacle
                                : facts.status == 429 || facts.status == 503     ? "throttled"
                                : facts.status >= 500                            ? "site_down"
                                                                                 : "blocked:http_" + std::to_string(facts.status);
    return say(Seen::kNothing, "failed", finding, "http_" + std::to_string(facts.status));
  }
  if (facts.record && facts.record->kind == model::PageKind::kError) {
    if (cut && obstacle.empty()) return say_cut();
    const std::string reason = facts.record->kind_reason.empty() ? "error page" : facts.record->kind_reason;
    if (obstacle.empty() && reason == "empty: no text" && entry.versions > 0) return say(Seen::kAbsent, "absent", "emptied", "emptied");
    // The server does answer: it is not down, whatever this page of it says.
    const std::string_view finding = reason.starts_with("empty") ? "emptied" : "error_page";
    return say(Seen::kNothing, "failed", obstacle.empty() ? finding : obstacle, reason);
  }
  if (cut && (entry.versions > 0 || facts.payload_bytes == 0)) return say_cut();
  if (!facts.record && facts.identical) {
    if (entry.payload_version == 0) return say(Seen::kNothing, "failed", "", "no record");
    return say(Seen::kSameContent, "unchanged", "ok");
  }
  if (facts.payload_bytes == 0 && (!facts.record || facts.record->body.empty())) {
    if (entry.versions > 0) return say(Seen::kAbsent, "absent", "emptied", "emptied");
    return say(Seen::kNothing, "failed", "emptied", "empty body");
  }
  judgement.content = DigestContent(facts);
  return say(Seen::kContent, "unchanged", "ok");
}

uint64_t ContentHash(const VersionEntry& version, const CaptureFacts& facts) {
  constexpr uint64_t kLittleText = 60;        // characters
  constexpr uint64_t kLittleDocument = 1024;  // bytes
  if (version.truncated || facts.outcome != model::FetchOutcome::kResponse) return 0;
  std::string_view title, body;
  if (version.field_digests.size() >= 2) {
    if (version.kind != model::PageKind::kArticle || version.body_chars < kLittleText) return 0;
    title = version.field_digests[0];
    body = version.field_digests[1];
  } else {
    if (facts.payload_bytes < kLittleDocument) return 0;
    body = version.digest;
  }
  const uint64_t hash = Fnv1a(body, Fnv1a(title));
  return hash == 0 ? 1 : hash;
}

Result<void> Fold::Event(Page& page, const Moment& moment, EventEntry event) {
  constexpr std::array<std::string_view, 9> kOrder = {"new",     "edited",      "gone",      "restored",          "moved",
                                                      "blocked", "unreachable", "reachable", "redesign_suspected"};
  event.recorded = moment.recorded;
  event.page_kind = page.entry.kind;
  event.version = page.entry.versions;
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  if (latest != nullptr) event.title = latest->title;
  const auto ordinal =
      static_cast<uint8_t>(std::find(kOrder.begin(), kOrder.end(), event.kind) - kOrder.begin());
  const std::string key = keys::Event(event.time, moment.metadata, ordinal);
  if (event.time < event.recorded) Put(keys::LateEvent(event.recorded, key), "");
  Put(key, Encode(StoredEvent{page.entry.id, std::move(event)}));
  return {};
}

bool Fold::HasOwnDate(const CaptureFacts& facts) {
  if (!facts.record || !facts.record->published) return false;
  const auto basis = facts.record->provenance.find("published");
  return basis == facts.record->provenance.end() || (!basis->second.starts_with("url") && !basis->second.starts_with("list"));
}

// A page that was published long before its list, seen in between, came to name it.
std::string Fold::BackDated(const VersionEntry& version, UtcTime not_before) {
  constexpr std::chrono::hours kLong{3 * 24};
  if (version.published.empty() || not_before >= version.time) return {};
  const std::optional<UtcTime> published = ParseIso8601(version.published);
  if (!published || *published + kLong > not_before) return {};
  return "back-dated: published " + version.published + ", not named on " + FormatIso8601(not_before);
}

VersionEntry Fold::NewVersion(const CaptureFacts& facts, const UrlEntry& entry, Judgement& judgement) {
  VersionEntry version;
  version.time = facts.time;
  version.not_before = entry.versions == 0 ? facts.time : entry.last_present.value_or(facts.time);
  version.status = facts.status;
  version.digest = std::move(judgement.content.digest);
  version.field_digests = std::move(judgement.content.field_digests);
  version.payload_digest = facts.payload_digest;
  version.content_type = facts.content_type;
  version.truncated = !IsWhole(facts);
  version.tls_unverified = facts.tls_problem;
  // The bytes of a revisit lie in the record that it refers to.
  version.response = facts.identical ? entry.payload : facts.response;
  version.metadata = facts.metadata;
  if (facts.record) {
    const model::PageRecord& record = *facts.record;
    version.title = record.title.value_or("");
    version.published = record.published.value_or("");
    version.source = record.source.value_or("");
    version.document_number = record.document_number.value_or("");
    version.part_of = record.part_of.value_or("");
    version.copy_of = record.copy_of.value_or("");
    if (record.kind == model::PageKind::kArticle) version.next_page = record.next_page.value_or(std::string(kEndsHere));
    version.kind = record.kind;
    const auto kind_basis = record.provenance.find("kind");
    version.feed = kind_basis != record.provenance.end() && (kind_basis->second == "feed" || kind_basis->second == "sitemap");
    version.charset = record.charset;
    version.damaged = record.damage.size();
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
    // Of a page alone: the record of a document has no text of its own.
    if (!record.charset.empty()) {
      version.sketch = text::Sketch(version.title + "\n" + record.body);
      if (record.kind == model::PageKind::kArticle) MarkText(record, &version);
    }
  }
  return version;
}

Result<bool> Fold::TakeRobots(const CaptureFacts& facts, Page& page) {
  // A server that fails or is busy says nothing of its rules; where it redirects, they are elsewhere.
  const bool rules = facts.status == 200;
  if (!model::HasResponse(facts.outcome) || !IsWhole(facts) || facts.status >= 500 || facts.status == 429 || (facts.status >= 300 && facts.status < 400)) {
    return false;
  }
  UrlEntry& entry = page.entry;
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  Judgement judgement;
  // That there is none is a state of it, whatever the error page says.
  judgement.content.digest = rules ? facts.payload_digest : Sha256Label("http_" + std::to_string(facts.status));
  VersionEntry version = NewVersion(facts, entry, judgement);
  version.kind = model::PageKind::kOther;
  entry.last_present = facts.time;
  if (rules) {
    entry.state = "present";
  } else if (entry.versions > 0) {
    entry.state = "suspect";
  }
  if (latest != nullptr && latest->digest == version.digest) return false;
  version.number = entry.versions + 1;
  if (latest != nullptr) version.changed = {"payload"};
  entry.versions = version.number;
  Put(keys::Version(entry.id, version.number), Encode(version));
  page.latest = std::move(version);
  return true;
}

std::string Fold::TextKey(const VersionEntry& version) {
  constexpr uint64_t kLong = 60;  // characters
  return version.body_chars < kLong || version.field_digests.size() < 2 ? std::string() : "\n" + version.field_digests[1];
}

Result<std::string> Fold::TakeVersion(Page& page, VersionEntry version, const Moment& moment, bool other_frame, bool mends) {
  UrlEntry& entry = page.entry;
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  // Where its text goes on is no field of the page, but the article's text is that of all its parts: it is a version of its own.
  const bool goes_on_otherwise = latest != nullptr && latest->part_of == version.part_of && !latest->next_page.empty() && !version.next_page.empty() && latest->next_page != version.next_page;
  const bool same_fields = latest != nullptr && latest->digest == version.digest;
  if (same_fields && !goes_on_otherwise) return std::string("unchanged");
  version.number = entry.versions + 1;
  // A list that breaks off in its middle, or names next to nothing today, is the same list.
  const bool was_list = latest != nullptr && (latest->kind == model::PageKind::kList || latest->kind == model::PageKind::kHome);
  if (was_list && !version.title.empty() && version.title == latest->title) version.kind = latest->kind;
  if (latest != nullptr) version.changed = ChangedFields(latest->field_digests, version.field_digests);
  if (same_fields) version.changed = {"next_page"};
  const std::string went_on = latest == nullptr ? std::string() : latest->next_page;
  if (latest != nullptr && latest->GoesOn() && latest->next_page != version.next_page) Delete(keys::OpenEnd(entry.site, latest->next_page));
  if (latest == nullptr) {
    const std::string open_end = keys::OpenEnd(entry.site, entry.url);
    FZ_ASSIGN(const std::optional<std::string> waited_for, Get(open_end));
    if (waited_for) Delete(open_end);
  }
  if (latest == nullptr || latest->published != version.published) {
    if (latest != nullptr) {
      Delete(keys::Date(latest->published, entry.id));
      Delete(keys::SiteDate(entry.site, latest->published, entry.id));
    }
    Put(keys::Date(version.published, entry.id), "");
    Put(keys::SiteDate(entry.site, version.published, entry.id), "");
  }
  if (latest == nullptr || latest->title != version.title) {
    if (latest != nullptr && !latest->title.empty()) Delete(keys::Title(entry.site, latest->title, entry.id));
    if (!version.title.empty()) Put(keys::Title(entry.site, version.title, entry.id), "");
  }
  const std::string text_before = latest == nullptr ? std::string() : TextKey(*latest), text_now = TextKey(version);
  if (text_before != text_now) {
    if (!text_before.empty()) Delete(keys::Title(entry.site, text_before, entry.id));
    if (!text_now.empty()) Put(keys::Title(entry.site, text_now, entry.id), "");
  }
  // A cut page says nothing about what the whole one showed at the same time.
  const bool edited = latest != nullptr && !latest->truncated && !mends;
  const uint64_t damaged_before = latest == nullptr ? 0 : latest->damaged;
  const bool first = latest == nullptr;
  entry.versions = version.number;
  entry.kind = version.kind;
  Put(keys::Version(entry.id, version.number), Encode(version));
  EventEntry event;
  event.kind = first ? "new" : "edited";
  event.time = moment.time;
  event.not_before = version.not_before;
  event.changed = version.changed;
  page.latest = std::move(version);
  if (first) event.evidence = BackDated(*page.latest, event.not_before);
  // Damage is not what an editor did, though it differs; and of what is damaged no frame can be told.
  const auto tell_damage = [&event](std::string_view what, uint64_t places) {
    event.evidence += (event.evidence.empty() ? "" : ", ") + std::string(what) + " is damaged in " + std::to_string(places) + (places == 1 ? " place" : " places");
  };
  if (!first && other_frame && page.latest->damaged == 0) event.evidence = "in another frame than its site's pages had";
  if (!first && page.latest->damaged > 0) {
    tell_damage("its text", page.latest->damaged);
  } else if (!first && damaged_before > 0) {
    tell_damage("the text before", damaged_before);
  }
  if (same_fields) {
    // A part more or less is an edit of the article; in another frame, or at another address, the same parts may be.
    const bool grew = went_on == kEndsHere;
    if (!edited || other_frame || (!grew && page.latest->next_page != kEndsHere)) return std::string("changed");
    event.changed = {"body"};
    event.evidence = grew ? "goes on in a further part: " + page.latest->next_page : "ends a part earlier, before " + went_on;
    Page* article = &page;
    if (!page.latest->part_of.empty()) {
      FZ_ASSIGN(Page * head, Load(page.latest->part_of));
      if (head != nullptr && head->entry.versions > 0) article = head;
    }
    FZ_TRY(Event(*article, moment, std::move(event)));
    return std::string("changed");
  }
  // A further part is new with its article.
  if ((first && page.latest->part_of.empty()) || edited) FZ_TRY(Event(page, moment, std::move(event)));
  return std::string(first ? "new" : "changed");
}

Result<bool> Fold::SeeContent(Page& page, const Moment& moment) {
  UrlEntry& entry = page.entry;
  const bool restored = entry.state == "gone" || entry.state == "moved";
  if (restored) {
    EventEntry event;
    event.kind = "restored";
    event.time = moment.time;
    event.not_before = entry.absent_proved_at ? *entry.absent_proved_at : entry.last_absent.value_or(moment.time);
    FZ_TRY(Event(page, moment, std::move(event)));
    entry.back_since = moment.time;
  }
  entry.state = "present";
  entry.last_present = moment.time;
  entry.first_absent.reset();
  entry.last_absent.reset();
  entry.absent_proved_at.reset();
  entry.absent_visits = entry.absent_proved = 0;
  entry.first_absent_round = entry.mass_round = 0;
  entry.first_absent_place = {};
  entry.absence.clear();
  entry.moved_to.clear();
  entry.redirect.clear();
  Meet(entry);
  FZ_TRY(NoteOpenEnd(page));
  return restored;
}

Result<void> Fold::NoteOpenEnd(Page& page) {
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  if (latest == nullptr || !latest->GoesOn()) return {};
  FZ_ASSIGN(const Page* part, Load(latest->next_page));
  if (part != nullptr && part->entry.versions > 0) return {};
  const std::string key = keys::OpenEnd(page.entry.site, latest->next_page);
  FZ_ASSIGN(const std::optional<std::string> noted, Get(key));
  const std::string id = std::to_string(page.entry.id);
  if (noted != id) Put(key, id);
  return {};
}

void Fold::Miss(Page& page, MissedEntry missed) {
  ++page.entry.failed_visits;
  Put(keys::Missed(page.entry.site, page.entry.id), Encode(missed));
}

void Fold::Meet(UrlEntry& entry) {
  if (entry.failed_visits == 0) return;
  entry.failed_visits = 0;
  Delete(keys::Missed(entry.site, entry.id));
}

void Fold::SeeAbsence(Page& page, const Moment& moment, uint64_t round, std::string_view reason) {
  UrlEntry& entry = page.entry;
  if (entry.absent_visits == 0) {
    entry.first_absent = moment.time;
    entry.first_absent_place = moment.metadata;
    entry.first_absent_round = round;
  }
  ++entry.absent_visits;
  entry.last_absent = moment.time;
  entry.absence = reason;
  Meet(entry);
  if (entry.versions == 0) {
    entry.state = "never";
  } else if (entry.state != "gone" && entry.state != "moved") {
    entry.state = "suspect";
  }
}

Result<bool> Fold::DeclareGone(Page& page, const Moment& moment, int visits, std::chrono::seconds after) {
  UrlEntry& entry = page.entry;
  if (entry.state != "suspect" || !entry.first_absent || !entry.last_absent) return false;
  if (entry.absent_proved < visits || *entry.last_absent - *entry.first_absent < after) return false;
  entry.state = "gone";
  EventEntry event;
  event.kind = "gone";
  event.time = *entry.first_absent;
  event.not_before = entry.last_present.value_or(*entry.first_absent);
  event.evidence = entry.absence + ", " + std::to_string(entry.absent_visits) +
                   (entry.absent_visits == 1 ? " visit since " : " visits since ") + FormatIso8601(*entry.first_absent);
  FZ_ASSIGN(event.listed, IsListed(entry));
  if (event.listed) event.evidence += ", still listed";
  if (entry.mass_round != 0) event.evidence += ", with a great part of its host or directory";
  FZ_TRY(Event(page, {event.time, entry.first_absent_place, moment.recorded}, std::move(event)));
  return true;
}

// The page is another entry's of the site list now; what is kept by site goes with it.
Result<void> Fold::MoveToSite(Page& page, const std::string& site) {
  UrlEntry& entry = page.entry;
  const std::string before = std::exchange(entry.site, site);
  if (entry.failed_visits > 0) {
    FZ_ASSIGN(const std::optional<std::string> missed, Get(keys::Missed(before, entry.id)));
    if (missed) Put(keys::Missed(site, entry.id), *missed);
    Delete(keys::Missed(before, entry.id));
  }
  if (entry.versions == 0 || entry.purpose != PurposeName(Purpose::kPage)) return {};
  FZ_ASSIGN(const VersionEntry* latest, Latest(page));
  if (latest == nullptr) return {};
  Delete(keys::SiteDate(before, latest->published, entry.id));
  Put(keys::SiteDate(site, latest->published, entry.id), "");
  for (const std::string& text : {latest->title, TextKey(*latest)}) {
    if (text.empty()) continue;
    Delete(keys::Title(before, text, entry.id));
    Put(keys::Title(site, text, entry.id), "");
  }
  return {};
}

Result<void> Fold::ObserveClicks(const CaptureFacts& facts, Page& page, const Judgement& judgement) {
  ClickObservation observation;
  observation.time = facts.time;
  uint64_t id = page.entry.id;
  if (judgement.seen == Judgement::Seen::kNoPage) {
    if (facts.purpose != Purpose::kCounter) return {};
    observation.basis = facts.clicks_basis.empty() ? "counter" : facts.clicks_basis;
    // One answer for several articles: an observation of each that the archive knows, by the same record. Their list made them known.
    for (const Counted& counted : facts.counted) {
      if (!counted.clicks || counted.page.empty()) continue;
      FZ_ASSIGN(const Page* known, Load(counted.page));
      if (known == nullptr) continue;
      observation.clicks = *counted.clicks;
      Put(keys::Click(known->entry.id, facts.time, facts.metadata), Encode(observation));
    }
    if (facts.counted_page.empty() || !facts.clicks) return {};
    FZ_ASSIGN(Page * counted_page, LoadOrCreate(facts.counted_page, facts.site, Purpose::kPage));
    id = counted_page->entry.id;
    observation.clicks = *facts.clicks;
  } else {
    const auto shown = judgement.Present() ? ClicksOf(facts) : std::nullopt;
    if (!shown) return {};
    observation = *shown;
  }
  Put(keys::Click(id, facts.time, facts.metadata), Encode(observation));
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

// The last visit of the page that named this one at which it did not: everything that a page names is known from then on.
Result<UtcTime> Fold::NotNamedBefore(const CaptureFacts& facts, const UrlEntry& entry) {
  if (entry.absent_proved_at) return *entry.absent_proved_at;  // its own address said so
  if (entry.listed_since && *entry.listed_since <= facts.time) {
    if (entry.unlisted_before) return *entry.unlisted_before;
    // Listed as long as we know its lists. Of the page that led here only what it said before then counts.
  }
  if (facts.via.empty() || facts.round == 0) return facts.time;
  FZ_ASSIGN(Page * via, Load(facts.via));
  if (via == nullptr) return facts.time;
  const std::optional<UtcTime>& before = via->entry.round == facts.round ? via->entry.seen_before : via->entry.last_present;
  return before && *before <= entry.listed_since.value_or(facts.time) ? *before : facts.time;
}

Result<CommitOutcome> Fold::Apply(const CaptureFacts& facts) {
  using Seen = Judgement::Seen;
  if (facts.purpose == Purpose::kRun) return EndRun(facts);
  FZ_ASSIGN(Host * host, EnterRun(facts));
  FZ_ASSIGN(Page * page, LoadOrCreate(facts.url, facts.site, facts.purpose));
  UrlEntry& entry = page->entry;
  page->changed = true;
  if (entry.visits == 0) entry.first_visit = facts.time;
  ++entry.visits;
  entry.last_visit = facts.time;
  entry.last_status = facts.status;
  if (facts.purpose == Purpose::kPage) {
    if (!facts.site.empty() && facts.site != entry.site) FZ_TRY(MoveToSite(*page, facts.site));
    entry.purpose = PurposeName(Purpose::kPage);
  }
  const bool had_versions = entry.versions > 0;
  const bool again = facts.round != 0 && entry.round == facts.round;
  if (facts.purpose == Purpose::kPage && !again) {
    entry.round = facts.round;
    entry.seen_before = entry.last_present;
  }
  const Moment moment{facts.time, facts.metadata, facts.time};
  Judgement judgement = Judge(facts, entry);
  CommitOutcome outcome;
  std::optional<PendingEntry> pending;
  const auto hold = [&](std::string_view what) -> PendingEntry& {
    pending.emplace();
    pending->what = what;
    pending->time = facts.time;
    pending->metadata = facts.metadata;
    pending->gone_after_visits = facts.gone_after_visits;
    pending->gone_after = facts.gone_after;
    return *pending;
  };
  if (judgement.seen == Seen::kContent) {
    VersionEntry version = NewVersion(facts, entry, judgement);
    FZ_ASSIGN(const VersionEntry* latest, Latest(*page));
    outcome.more_damaged = latest != nullptr && version.damaged > latest->damaged;
    const bool only_damage = latest != nullptr && facts.only_damage == latest->number && latest->digest != version.digest;
    const bool doubtful = host != nullptr && !only_damage && IsDoubtful(*host, facts, latest, version);
    const bool weighed = host != nullptr && !only_damage && !doubtful && latest != nullptr && IsEditToWeigh(*latest, version);
    if (only_damage && version.damaged >= latest->damaged) {
      judgement.seen = Seen::kSameContent;
      judgement.reason = "damaged in " + std::to_string(version.damaged) + (version.damaged == 1 ? " place" : " places") + ", nothing else differs";
    } else if (doubtful || weighed) {
      judgement.seen = Seen::kHeld;
      judgement.verdict = "held";
      judgement.finding = "suspect";
      if (latest == nullptr) {
        FZ_ASSIGN(version.not_before, NotNamedBefore(facts, entry));
      }
      PendingEntry& held = hold("held");
      if (version.truncated) held.reason = WhyCut(facts);
      held.version = Encode(version);
      held.response_id = facts.response_id;
      if (const auto clicks = ClicksOf(facts)) held.clicks = Encode(*clicks);
      held.weighed = weighed;
      held.other_frame = facts.other_frame;
      held.own_date = HasOwnDate(facts);
      held.unlike_link = facts.unlike_link;
      held.lists = facts.lists;
      held.ended = facts.ended;
      held.listing = facts.listing;
      held.pages = facts.record && facts.record->list ? facts.record->list->pages.value_or(0) : 0;
      held.like_home = IsHomeElsewhere(host->entry, latest, version, facts.unlike_link);
      outcome.shows_home = held.like_home;
    } else {
      if (latest == nullptr) {
        FZ_ASSIGN(version.not_before, NotNamedBefore(facts, entry));
      }
      FZ_ASSIGN(judgement.verdict, TakeVersion(*page, std::move(version), moment, facts.other_frame, only_damage));
      if (judgement.verdict == "changed") judgement.finding = "changed";
    }
  }
  switch (judgement.seen) {
    case Seen::kContent:
    case Seen::kSameContent: {
      if (host != nullptr && entry.mass_round != 0) {
        for (MassEntry& mass : host->entry.masses) mass.back += mass.round == entry.mass_round && entry.url.starts_with(mass.under) ? 1 : 0;
      }
      if (host != nullptr && entry.first_absent_round != 0) {
        for (FewEntry& few : host->entry.few) few.back += few.round == entry.first_absent_round && entry.url.starts_with(few.under) ? 1 : 0;
      }
      FZ_ASSIGN(judgement.restored, SeeContent(*page, moment));
      // The same bytes name the same; how many pages they announce was read when they first came.
      if (facts.lists && (facts.record || !facts.identical)) {
        if (host != nullptr) host->changed = true;
        const model::ListFacts list = facts.record && facts.record->list ? *facts.record->list : model::ListFacts{};
        const Listed listed{facts.site, facts.round, facts.time, facts.listing, facts.ended, list.pages.value_or(0), list.past_end};
        FZ_TRY(UpdateListing(listed, *page, host == nullptr ? nullptr : &host->entry));
      }
      FZ_ASSIGN(const VersionEntry* seen, Latest(*page));
      if (seen != nullptr) outcome.content = ContentHash(*seen, facts);
      break;
    }
    case Seen::kAbsent:
      SeeAbsence(*page, moment, facts.round, facts.absence.empty() ? judgement.reason : facts.absence);
      if (host == nullptr) {
        ++entry.absent_proved;
        entry.absent_proved_at = facts.time;
        FZ_ASSIGN(judgement.gone, DeclareGone(*page, moment, facts.gone_after_visits, facts.gone_after));
      } else {
        hold("absent").reason = entry.absence;
      }
      break;
    case Seen::kNothing:
      Miss(*page, {facts.round, facts.obstacle, MissedReason(facts, judgement.reason)});
      if (entry.versions == 0 && entry.absent_visits == 0) entry.state = "failing";
      break;
    case Seen::kElsewhere:
      Meet(entry);
      entry.redirect = facts.location_field;
      if (entry.state == "failing" || entry.state == "listed") entry.state = "never";
      if (host != nullptr && had_versions) hold("redirect").target = facts.location_field;
      break;
    case Seen::kHeld:
      if (entry.state == "listed") entry.state = "never";
      break;
    case Seen::kNoPage:
      if (facts.purpose == Purpose::kRobots && entry.purpose == PurposeName(Purpose::kRobots)) {
        FZ_ASSIGN(const bool changed, TakeRobots(facts, *page));
        judgement.finding = changed ? "changed" : "";
      }
      break;
  }
  if (host != nullptr) {
    host->changed = true;
    if (facts.purpose == Purpose::kPage) {
      const std::string key = keys::Pending(facts.site, HostOf(facts.url), entry.id);
      if (pending) {
        Put(key, Encode(*pending));
      } else if (judgement.Present() && again) {
        Delete(key);  // an earlier try of this run said otherwise
      }
      CountVisit(*host, facts, entry, judgement, had_versions, again, pending && pending->weighed);
      outcome.wants_probe = WantsProbe(*host, facts, judgement, had_versions, pending && pending->like_home) && !(pending && pending->weighed);
    } else if (facts.purpose == Purpose::kProbe) {
      LearnBaseline(*host, facts);
    }
  }
  FZ_TRY(ObserveClicks(facts, *page, judgement));
  if (judgement.seen != Seen::kHeld) RememberPayload(facts, entry, judgement.Present());

  outcome.verdict = pending && pending->weighed ? "weighed" : judgement.verdict;
  outcome.version = entry.versions;
  outcome.gone = judgement.gone;
  outcome.restored = judgement.restored;

  VisitEntry visit;
  visit.time = facts.time;
  visit.outcome = model::FetchOutcomeName(facts.outcome);
  visit.status = facts.status;
  visit.verdict = std::move(judgement.verdict);
  visit.reason = std::move(judgement.reason);
  visit.finding = std::move(judgement.finding);
  if (facts.purpose == Purpose::kPage) visit.state = entry.state;
  visit.version = entry.versions;
  visit.tls_unverified = facts.tls_problem;
  visit.response = facts.response;
  visit.metadata = facts.metadata;
  Put(keys::Visit(entry.id, facts.time, facts.metadata), Encode(visit));
  return outcome;
}

void Fold::Flush(Batch& batch) {
  for (auto& [key, value] : written_) {
    if (value) {
      batch.Put(key, std::move(*value));
    } else {
      batch.Delete(key);
    }
  }
  for (const auto& [url, page] : pages_) {
    if (page->changed) batch.Put(keys::Url(page->entry.id), Encode(page->entry));
  }
  for (const auto& [key, host] : hosts_) {
    if (host->changed) batch.Put(key, Encode(host->entry));
  }
  if (next_id_changed_) batch.Put(keys::Meta("next_id"), std::to_string(next_id_));
  pages_.clear();
  by_id_.clear();
  hosts_.clear();
  written_.clear();
  written_bytes_ = 0;
  next_id_ = 0;
  next_id_changed_ = false;
}

}  // namespace fangzhi::store
