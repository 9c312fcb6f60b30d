#include "maintain/maintain.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "http/http.h"
#include "url/url.h"

namespace fangzhi::maintain {
namespace {

using model::Json;
using store::IndexReader;
using store::UrlEntry;
using store::VersionEntry;
using store::VisitEntry;

// Whether the visit's capture is a version: of a page by its verdict, of a robots.txt by what it found.
bool MadeVersion(const VisitEntry& visit) {
  return visit.verdict == "new" || visit.verdict == "changed" || (visit.verdict == "robots" && visit.finding == "changed");
}

// Pages whose entry is checked once in a while are remembered up to this many, so that a URL with many visits is looked up once.
constexpr size_t kRememberedUrls = 4096;
constexpr size_t kRememberedFindings = 65536;
// Of one record: faults that wait for it to be handed on.
constexpr size_t kWaitingReports = 64;

class Verifier {
 public:
  // `archive`: null where it could not be opened; then there is no index to compare the files with.
  Verifier(const std::string& directory, const store::Archive* archive, const std::function<void(const Json&)>& on_finding,
           const std::function<bool(uint64_t bytes_done)>& on_progress)
      : directory_(directory), archive_(archive), index_(archive == nullptr ? nullptr : archive->Snapshot()), on_finding_(on_finding), on_progress_(on_progress) {}

  Result<VerifySummary> Run() {
    FZ_TRY(store::CheckIndexFiles(IndexDirectory(), [this](const store::IndexDamage& damage) {
                                    index_damaged_ = true;
                                    Report(damage.file, damage.offset, damage.length, damage.problem);
                                  },
                                  [this] { return Progress(summary_.bytes).has_value(); }));
    if (index_ != nullptr) {
      const auto position = index_->Position();
      FZ_TRY(Passed(position));
      if (position) position_ = *position;
      TellLosses();
    }
    FZ_ASSIGN(const std::vector<warc::WarcFile> files, warc::ListFiles(Directory(), PosixFileSystem()));
    for (const warc::WarcFile& file : files) {
      if (file.serial <= position_.file) FZ_TRY(VerifyFile(file));
    }
    NameUnknownFiles(files);
    if (index_ != nullptr) FZ_TRY(VerifyIndex());
    if (not_compared_ > 0) {
      Report(IndexDirectory(), std::nullopt, std::nullopt,
             "files and index could not be compared in " + std::to_string(not_compared_) + (not_compared_ == 1 ? " place" : " places") +
                 ", the index being damaged: " + *first_not_compared_);
    }
    return summary_;
  }

 private:
  void TellLosses() {
    const auto losses = archive_->NotedLosses();
    if (!losses) {
      Report(losses.error().subject, std::nullopt, std::nullopt, losses.error().message);
      return;
    }
    for (const store::LostCaptures& lost : *losses) {
      const bool known = lost.known_to > lost.offset;
      Report(lost.file, lost.offset, known ? std::optional<uint64_t>(lost.known_to - lost.offset) : std::nullopt,
             (known ? "the file ended here, the index knew it up to " + std::to_string(lost.known_to) + ": " + std::to_string(lost.captures) + " captures are lost"
                    : std::string("the file ended here: captures behind it are lost")) +
                 " (the index was made again without them; this is told for as long as " + lost.note + ", which names them, is there)");
    }
  }
  void Report(const std::string& file, std::optional<uint64_t> offset, std::optional<uint64_t> length,
              const std::string& problem, const std::string& url = {}) {
    // One damage often shows several times: to the reader, to the record beside it, to the index.
    if (offset) {
      if (reported_.size() >= kRememberedFindings) reported_.clear();
      if (!reported_.emplace(file, *offset).second) return;
    }
    ++summary_.damaged;
    Json json = Json::object();
    json["file"] = file;
    json["offset"] = model::OrNull(offset);
    json["length"] = model::OrNull(length);
    json["problem"] = problem;
    if (!url.empty()) json["url"] = url;
    on_finding_(json);
  }
  void Report(const warc::Location& place, const std::string& problem, const std::string& url) {
    const Result<std::string> path = archive_->WarcPath(place.file);
    Report(path ? *path : warc::PathPattern(Directory(), place.file), place.offset, place.length, problem, url);
  }
  Result<void> Progress(uint64_t bytes_done) const {
    if (!on_progress_ || on_progress_(bytes_done)) return {};
    return Fail(ErrorKind::kCancelled, "stopped", directory_);
  }
  std::string Directory() const { return directory_ + "/warc"; }
  std::string IndexDirectory() const { return directory_ + "/index"; }
  void NotCompared(const std::string& why) {
    if (not_compared_++ == 0) first_not_compared_ = why;
  }
  // A difference between index and files, or within the index. Of a damaged one LevelDB also gives older values, so that nothing can be said.
  void Differs(const std::string& file, std::optional<uint64_t> offset, std::optional<uint64_t> length, const std::string& problem, const std::string& url) {
    if (index_damaged_) NotCompared(problem);
    else Report(file, offset, length, problem, url);
  }
  // Passes over what the index cannot answer because it is damaged, which is told at the end, once. Other errors are the caller's.
  template <class T>
  Result<void> Passed(const Result<T>& answer) {
    if (answer) return {};
    if (answer.error().kind != ErrorKind::kCorrupt && answer.error().kind != ErrorKind::kIo) return Fail(answer.error());
    NotCompared(answer.error().message);
    return {};
  }

  Result<void> VerifyFile(warc::WarcFile file);
  void NameUnknownFiles(const std::vector<warc::WarcFile>& files);
  Result<void> VerifyRecord(const warc::WarcFile& file, const warc::Reader::Item& item);
  Result<void> VerifyCapture(const warc::WarcFile& file, const warc::Reader::Item& item);
  Result<std::optional<UrlEntry>> Page(const std::string& url);
  Result<void> VerifyIndex();
  Result<void> VerifyPage(const UrlEntry& page);
  Result<void> VerifyPlace(const warc::Location& place, const VisitEntry& visit, const UrlEntry& page, bool metadata);

  // What is known of the response record that the next metadata record belongs to.
  struct Response {
    warc::Location place;
    std::string id, type, url, payload_digest;
    UtcTime date{};
    int status = 0;
  };

  const std::string directory_;
  const store::Archive* const archive_;
  const std::shared_ptr<const IndexReader> index_;
  const std::function<void(const Json&)>& on_finding_;
  const std::function<bool(uint64_t bytes_done)>& on_progress_;
  VerifySummary summary_;
  warc::Location position_{UINT32_MAX, UINT64_MAX, 0};  // what lies behind it is being written, and was never acknowledged
  bool index_damaged_ = false;
  uint64_t not_compared_ = 0;
  std::optional<std::string> first_not_compared_;
  uint64_t confirmed_ = 0;  // captures whose visit the index holds, each at its own place
  // A file that the index names and that is not there: what it knows to have been in it.
  struct Missing {
    uint64_t captures = 0;
    UtcTime first{}, last{};
  };
  std::map<uint32_t, Missing> missing_;  // by serial
  std::optional<Response> response_;
  std::unordered_map<std::string, UrlEntry> pages_;
  std::set<std::pair<std::string, uint64_t>> reported_;
};

Result<void> Verifier::VerifyFile(warc::WarcFile file) {
  ++summary_.files;
  // One that is written gets its final name, at any moment.
  const auto find_again = [&](bool failed) {
    if (!failed || archive_ == nullptr || PosixFileSystem().Exists(file.path)) return false;
    Result<std::string> path = archive_->WarcPath(file.serial);
    if (path) file.path = std::move(*path);
    return path.has_value();
  };
  // A bad sector, or no right to read it: the other files are read all the same.
  const auto unreadable = [&](const Error& error) {
    Report(file.path, std::nullopt, std::nullopt, "cannot be read to its end: " + error.message);
    return Progress(summary_.bytes);
  };
  Result<uint64_t> size = PosixFileSystem().FileSize(file.path);
  if (find_again(!size)) size = PosixFileSystem().FileSize(file.path);
  if (!size) return unreadable(size.error());
  uint64_t end = *size;
  if (file.serial == position_.file) end = std::min(end, position_.offset);
  // A fault of a record that is handed on says no length: that comes with the record.
  std::vector<warc::DamageReport> waiting;
  const auto report_waiting = [&](const warc::Reader::Item* item) {
    for (const warc::DamageReport& damage : waiting) {
      std::optional<uint64_t> length;
      if (damage.length > 0) length = damage.length;
      else if (item != nullptr && item->offset == damage.offset && item->length > 0) length = item->length;
      if (damage.offset < end) Report(damage.file, damage.offset, length, damage.reason);
    }
    waiting.clear();
  };
  warc::ReadOptions options;
  options.check_digests = true;
  options.on_damage = [&](const warc::DamageReport& damage) {
    waiting.push_back(damage);
    if (waiting.size() >= kWaitingReports) report_waiting(nullptr);
  };
  auto opened = warc::Reader::Open(file.path, options);
  if (find_again(!opened)) opened = warc::Reader::Open(file.path, options);
  if (!opened) return unreadable(opened.error());
  const std::unique_ptr<warc::Reader> reader = std::move(*opened);
  response_.reset();
  bool first = true;
  const uint64_t done_before = summary_.bytes;
  while (true) {
    Result<std::optional<warc::Reader::Item>> next = reader->Next();
    if (!next) {
      report_waiting(nullptr);
      return unreadable(next.error());
    }
    const std::optional<warc::Reader::Item> item = std::move(*next);
    report_waiting(item ? &*item : nullptr);
    if (!item || item->offset >= end) break;
    if (first && item->offset == 0 && item->record.type != "warcinfo") {
      Report(file.path, item->offset, item->length, "the file does not begin with a warcinfo record");
    }
    first = false;
    ++summary_.records;
    FZ_TRY(VerifyRecord(file, *item));
    summary_.bytes = done_before + item->offset + item->length;
    FZ_TRY(Progress(summary_.bytes));
  }
  summary_.bytes = done_before + end;
  return Progress(summary_.bytes);
}

// Files that no one reads. One that bears a name of ours where none is looked for is damage: somebody moved it.
void Verifier::NameUnknownFiles(const std::vector<warc::WarcFile>& files) {
  std::set<std::string> known;
  for (const warc::WarcFile& file : files) known.insert(file.path);
  std::error_code code;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk entry(Directory(), code), end; !code && entry != end; entry.increment(code)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) continue;
    const std::string path = entry->path().string();
    const auto named = warc::ParseFileName(entry->path().parent_path().string(), entry->path().filename().string());
    if (known.count(path) != 0) continue;
    if (named) {
      // Not one that was begun, or got its final name, while the files were read.
      const Result<std::string> place = archive_ == nullptr ? Result<std::string>(Fail(ErrorKind::kNotFound, "no archive")) : archive_->WarcPath(named->serial);
      if (place && (*place == path || !std::filesystem::exists(entry->path(), ignored))) continue;
      Report(path, std::nullopt, std::nullopt, "bears the name of a file of the archive, in a folder where none is looked for");
      continue;
    }
    ++summary_.unknown_files;
    on_finding_(Json{{"file", path}, {"offset", nullptr}, {"length", nullptr}, {"problem", "not a file of this archive, passed over"},
                     {"unknown", true}});
  }
}

Result<void> Verifier::VerifyRecord(const warc::WarcFile& file, const warc::Reader::Item& item) {
  const warc::Record& record = item.record;
  const auto field = [&record](std::string_view name) {
    return std::string(record.Field(name).value_or(std::string_view()));
  };
  if (record.type == "response" || record.type == "revisit" || record.type == "resource") {
    Response response;
    response.place = {file.serial, item.offset, item.length};
    response.id = record.id;
    response.type = record.type;
    response.url = field("WARC-Target-URI");
    response.payload_digest = field("WARC-Payload-Digest");
    response.date = record.date;
    if (record.type != "resource") {
      const Result<http::ResponseHead> head = http::ParseResponseHead(record.block);
      if (head) response.status = head->status;
    }
    // The bytes of a response whose digest is missing cannot be proved.
    if (record.type != "revisit" && response.payload_digest.empty()) {
      Report(file.path, item.offset, item.length, "no WARC-Payload-Digest", response.url);
    }
    response_ = std::move(response);
    return {};
  }
  if (record.type == "metadata" && http::ParseContentType(field("Content-Type")).essence == "application/json") {
    return VerifyCapture(file, item);
  }
  return {};
}

Result<std::optional<UrlEntry>> Verifier::Page(const std::string& url) {
  if (const auto found = pages_.find(url); found != pages_.end()) return std::optional<UrlEntry>(found->second);
  FZ_ASSIGN(std::optional<UrlEntry> page, index_->FindUrl(url));
  if (page) {
    if (pages_.size() >= kRememberedUrls) pages_.clear();
    pages_.emplace(url, *page);
  }
  return page;
}

// One capture of the files against the index: its visit must be there, name the same places and say the same.
Result<void> Verifier::VerifyCapture(const warc::WarcFile& file, const warc::Reader::Item& item) {
  const warc::Record& record = item.record;
  const std::string url(record.Field("WARC-Target-URI").value_or(std::string_view()));
  const auto report = [&](const std::string& problem) { Report(file.path, item.offset, item.length, problem, url); };
  const auto differs = [&](const std::string& problem) { Differs(file.path, item.offset, item.length, problem, url); };
  std::optional<Response> response = std::move(response_);
  response_.reset();
  const Result<store::CaptureFacts> facts = store::FactsFromMetadata(record.block);
  if (!facts) {
    report(facts.error().message);
    return {};
  }
  ++summary_.captures;
  if (facts->purpose == store::Purpose::kRun) return {};  // a mark: no URL, no visit
  const std::string concurrent(record.Field("WARC-Concurrent-To").value_or(std::string_view()));
  if (concurrent.empty() || !response || concurrent != "<" + response->id + ">") response.reset();
  if (response) {
    if (response->url != url) report("its response record is of " + response->url);
    if (response->date != record.date) report("its response record has the date " + FormatWarcDate(response->date));
    if (response->payload_digest != facts->payload_digest) {
      report("states the payload digest " + facts->payload_digest + ", its response record " + response->payload_digest);
    }
    if (response->status != 0 && response->status != facts->status) {
      report("states the status " + std::to_string(facts->status) + ", its response record " +
             std::to_string(response->status));
    }
  }
  if (index_ == nullptr) return {};
  const warc::Location place{file.serial, item.offset, item.length};
  // A POST is known by its key.
  const Result<std::optional<UrlEntry>> found = Page(facts->url.empty() ? url : facts->url);
  if (!found) return Passed(found);
  const std::optional<UrlEntry>& page = *found;
  std::optional<VisitEntry> visit;
  if (page) {
    Result<std::optional<VisitEntry>> its = index_->FindVisit(page->id, record.date, place);
    if (!its) return Passed(its);
    visit = std::move(*its);
  }
  if (!visit) {
    differs("the index does not know this capture");
    return {};
  }
  ++confirmed_;
  if (!(visit->metadata == place)) differs("the index states another length for it");
  if (!response && !concurrent.empty()) {
    if (visit->response.length == 0) {
      report("the response record " + concurrent + " is missing");
    } else {
      Report(visit->response, "the response record " + concurrent + " is not here", url);
    }
  } else if (!(visit->response == (response ? response->place : warc::Location{}))) {
    differs("the index states another place for its response record");
  }
  if (visit->status != facts->status || visit->outcome != model::FetchOutcomeName(facts->outcome)) {
    differs("the index states another outcome (" + visit->outcome + " " + std::to_string(visit->status) + ")");
  }
  if (MadeVersion(*visit)) {
    const Result<std::optional<VersionEntry>> made = index_->Version(page->id, visit->version);
    if (!made) return Passed(made);
    const std::optional<VersionEntry>& version = *made;
    if (!version || !(version->metadata == place)) {
      differs("the index has no version " + std::to_string(visit->version) + " made from it");
    } else if (version->payload_digest != facts->payload_digest) {
      differs("version " + std::to_string(visit->version) + " in the index has another payload digest");
    }
  }
  return {};
}

// A place in the index that no capture of the files confirmed: what is there?
Result<void> Verifier::VerifyPlace(const warc::Location& place, const VisitEntry& visit, const UrlEntry& page,
                                   bool metadata) {
  const char* what = metadata ? "the metadata record" : "the response record";
  const std::string of = std::string(what) + " of the visit at " + FormatIso8601(visit.time);
  const Result<std::string> path = archive_->WarcPath(place.file);
  if (!path) {
    Missing& missing = missing_.try_emplace(place.file, Missing{0, visit.time, visit.time}).first->second;
    missing.captures += metadata ? 1 : 0;
    missing.first = std::min(missing.first, visit.time);
    missing.last = std::max(missing.last, visit.time);
    return {};
  }
  const Result<warc::Record> record = warc::ReadRecord(*path, place.offset, place.length);
  if (!record) {
    Report(place, of + " cannot be read: " + record.error().message, page.url);
    return {};
  }
  const std::string type = record->type;
  const bool right_type = metadata ? type == "metadata" : type == "response" || type == "revisit" || type == "resource";
  if (!right_type) Report(place, "expected " + of + ", found a record of type " + type, page.url);
  const std::string target = url::PostTarget(page.url);  // of a POST, the records name what was asked, the index its key
  const auto named = record->Field("WARC-Target-URI");
  if (named != page.url && (target.empty() || named != target)) Report(place, "expected " + of + ", found one of another URL", page.url);
  if (record->date != visit.time) Report(place, "expected " + of + ", found one of " + FormatWarcDate(record->date), page.url);
  return {};
}

Result<void> Verifier::VerifyPage(const UrlEntry& page) {
  uint64_t visits = 0;
  uint32_t versions = 0;
  bool payload_found = page.payload.length == 0;
  const auto read = index_->ForEachVisit(page.id, [&](const VisitEntry& visit) {
    ++visits;
    if (MadeVersion(visit)) ++versions;
    if (visit.response == page.payload) payload_found = true;
    return true;
  });
  if (!read) return Passed(read);
  const std::string index = IndexDirectory();
  if (visits != page.visits) {
    Differs(index, std::nullopt, std::nullopt,
           "the index counts " + std::to_string(page.visits) + " visits and holds " + std::to_string(visits), page.url);
  }
  if (versions != page.versions) {
    Differs(index, std::nullopt, std::nullopt,
           "the index counts " + std::to_string(page.versions) + " versions and holds visits that made " +
               std::to_string(versions),
           page.url);
  }
  if (!payload_found) {
    const Result<std::string> path = archive_->WarcPath(page.payload.file);
    Differs(path ? *path : warc::PathPattern(Directory(), page.payload.file), page.payload.offset, page.payload.length,
            "the index takes this for the last payload, but no visit has it", page.url);
  }
  return {};
}

Result<void> Verifier::VerifyIndex() {
  uint64_t visits = 0;
  Result<void> inner;
  const auto pages = index_->ForEachUrl([&](const UrlEntry& page) {
    visits += page.visits;
    inner = Progress(summary_.bytes);
    if (inner) inner = VerifyPage(page);
    return inner.has_value();
  });
  FZ_TRY(Passed(pages));
  FZ_TRY(std::move(inner));
  // Each capture of the files has its own visit. When there are no more visits than that, every place was compared; else those are
  // looked for that no capture stands behind.
  if (visits == confirmed_) return {};
  const auto again = index_->ForEachUrl([&](const UrlEntry& page) {
    const Result<void> scanned = index_->ForEachVisit(page.id, [&](const VisitEntry& visit) {
      inner = VerifyPlace(visit.metadata, visit, page, true);
      if (inner && visit.response.length != 0) inner = VerifyPlace(visit.response, visit, page, false);
      return inner.has_value();
    });
    if (inner && !scanned) inner = Passed(scanned);
    return inner.has_value();
  });
  FZ_TRY(Passed(again));
  for (const auto& [serial, missing] : missing_) {
    Report(warc::PathPattern(Directory(), serial), std::nullopt, std::nullopt,
           "missing: no folder below has a file of this number, and with it the captures of " + std::to_string(missing.captures) + (missing.captures == 1 ? " visit" : " visits") +
               " from " + FormatIso8601(missing.first) + " to " + FormatIso8601(missing.last));
  }
  return inner;
}

}  // namespace

Result<VerifySummary> Verify(const store::Archive& archive, const std::function<void(const model::Json&)>& on_finding,
                             const std::function<bool(uint64_t bytes_done)>& on_progress) {
  return Verifier(archive.directory(), &archive, on_finding, on_progress).Run();
}

Result<VerifySummary> VerifyFiles(const std::string& directory, const std::function<void(const model::Json&)>& on_finding,
                                  const std::function<bool(uint64_t bytes_done)>& on_progress) {
  return Verifier(directory, nullptr, on_finding, on_progress).Run();
}

}  // namespace fangzhi::maintain
