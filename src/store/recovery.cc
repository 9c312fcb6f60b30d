#include "store/recovery.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/log.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "store/capture_records.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"

namespace fangzhi::store {
namespace {

constexpr std::string_view kOpenSuffix = ".open";
constexpr uint64_t kCopyBytes = uint64_t{1} << 20;
constexpr uint64_t kLengthBytes = 4;
constexpr std::string_view kLossSuffix = ".lost.txt";
constexpr std::string_view kMissing = "missing-";  // in the name of a note: of a file that was not there, whose name nobody knows
constexpr size_t kNotedCaptures = 1000;  // of a file that was cut, by name
constexpr size_t kReplayBatchBytes = size_t{4} << 20;

std::string FileName(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string FinalPath(const warc::WarcFile& file) {
  return file.open ? file.path.substr(0, file.path.size() - kOpenSuffix.size()) : file.path;
}

// A name in quarantine/ that is not taken: an earlier attempt may have been cut off, and nothing there is ever overwritten.
std::string FreeName(const Layout& layout, FileSystem& files, const std::string& name, const std::string& suffix) {
  std::string path = layout.Quarantine() + "/" + name + suffix;
  for (int attempt = 2; files.Exists(path); ++attempt) {
    path = layout.Quarantine() + "/" + name + "-" + std::to_string(attempt) + suffix;
  }
  return path;
}

Result<void> WriteNote(const std::string& path, const std::string& text, FileSystem& files) {
  FZ_ASSIGN(const std::unique_ptr<AppendFile> note, files.OpenAppend(path));
  FZ_TRY(note->Append(text));
  return note->Sync();
}

// `known`: the index knew captures up to behind `from`.
Result<void> SetTailAside(const Layout& layout, FileSystem& files, const std::string& path, uint64_t from, uint64_t size,
                          bool known) {
  FZ_TRY(files.CreateDirectories(layout.Quarantine()));
  const std::string target = FreeName(layout, files, FileName(path) + "-" + std::to_string(from), ".tail");
  {
    FZ_ASSIGN(const std::unique_ptr<AppendFile> tail, files.OpenAppend(target));
    for (uint64_t offset = from; offset < size;) {
      FZ_ASSIGN(const std::string piece, files.ReadAt(path, offset, std::min(kCopyBytes, size - offset)));
      if (piece.empty()) break;
      FZ_TRY(tail->Append(piece));
      offset += piece.size();
    }
    FZ_TRY(tail->Sync());
  }
  FZ_TRY(WriteNote(target + ".txt",
                   "The last " + std::to_string(size - from) + " bytes of " + path + ", from offset " +
                       std::to_string(from) +
                       ": no whole WARC record.\n" +
                       (known ? "The file was longer once: the index knew whole records here.\n"
                              : "The program was interrupted while it wrote them, or something else did; nothing in them was ever "
                                "reported as captured.\n"),
                   files));
  FZ_TRY(files.SyncDirectory(layout.Quarantine()));
  Log(LogLevel::kWarn, "store", "torn_tail",
      {{"file", Escaped(path)}, {"offset", Number(static_cast<int64_t>(from))}, {"set_aside", Escaped(target)}});
  return files.Truncate(path, from);
}

// The state area as it is after the captures that were replayed, also those that are not written yet.
class PendingState {
 public:
  explicit PendingState(Database& database) : database_(database) {}

  Result<void> Apply(const decltype(ArchiveOptions::replay_state)& replay_state, const CaptureFacts& facts, const CommitOutcome& outcome) {
    Result<void> reading;
    const auto get = [this, &reading](std::string_view key) -> std::optional<std::string> {
      const auto found = writes_.find(std::string(key));
      if (found != writes_.end()) return found->second;
      Result<std::optional<std::string>> value = database_.Get(keys::State(key));
      if (value) return std::move(*value);
      reading = Fail(std::move(value.error()));
      return std::nullopt;
    };
    std::vector<StateWrite> writes = replay_state(facts, outcome, get);
    FZ_TRY(std::move(reading));
    for (StateWrite& write : writes) {
      bytes_ += write.key.size() + (write.value ? write.value->size() : 0);
      writes_[std::move(write.key)] = std::move(write.value);
    }
    return {};
  }

  void Flush(Batch& batch) {
    for (auto& [key, value] : writes_) {
      if (value) {
        batch.Put(keys::State(key), std::move(*value));
      } else {
        batch.Delete(keys::State(key));
      }
    }
    writes_.clear();
    bytes_ = 0;
  }
  size_t bytes() const { return bytes_; }

 private:
  Database& database_;
  std::unordered_map<std::string, std::optional<std::string>> writes_;
  size_t bytes_ = 0;
};

}  // namespace

Result<warc::Location> StoredPosition(Database& database) {
  const std::string key = keys::Meta("position");
  FZ_ASSIGN(const std::optional<std::string> value, database.Get(key));
  warc::Location position;
  if (value && !Decode(*value, &position)) return Fail(database.Unreadable(key));
  return position;
}

void PutPosition(Batch& batch, const warc::Location& position) {
  batch.Put(keys::Meta("position"), Encode(warc::Location{position.file, position.offset, 0}));
}

void PutFileEnd(Batch& batch, const warc::Location& last, const warc::Location& next) {
  if (last.offset != 0 && last.file < next.file) batch.Put(keys::FileEnd(last.file), std::to_string(last.offset));
}

Result<std::vector<DamagedFile>> FindDamagedFiles(const Layout& layout, Database& index, const std::vector<warc::WarcFile>& files, FileSystem& file_system) {
  std::map<uint32_t, const warc::WarcFile*> there;
  for (const warc::WarcFile& file : files) there[file.serial] = &file;
  std::vector<DamagedFile> damaged;
  Result<void> inner;
  FZ_TRY(index.Scan(Direction::kForward, keys::FileEnds(), {}, nullptr, [&](std::string_view key, std::string_view value) {
    const std::optional<uint64_t> end = ParseUint(value);
    if (!end) {
      inner = Fail(index.Unreadable(key));
      return false;
    }
    const uint32_t serial = keys::FileOfEnd(key);
    const auto file = there.find(serial);
    if (file == there.end()) {
      damaged.push_back({warc::PathPattern(layout.Warc(), serial), serial, *end, std::nullopt});
      return true;
    }
    const Result<uint64_t> size = file_system.FileSize(file->second->path);
    if (!size) {
      damaged.push_back({file->second->path, serial, *end, std::nullopt});
    } else if (*size < *end) {
      damaged.push_back({file->second->path, serial, *end, *size});
    }
    return true;
  }));
  FZ_TRY(std::move(inner));
  FZ_ASSIGN(const warc::Location position, StoredPosition(index));
  if (position.offset == 0) return damaged;
  const auto last = there.find(position.file);
  const std::string path = last == there.end() ? warc::PathPattern(layout.Warc(), position.file) : last->second->path;
  std::optional<uint64_t> size;
  if (last != there.end()) {
    // One that is written gets its final name at any moment.
    const Result<uint64_t> under_its_name = file_system.FileSize(path);
    const Result<uint64_t> found = under_its_name ? under_its_name : file_system.FileSize(FinalPath(*last->second));
    if (found) size = *found;
  }
  if (!size || *size < position.offset) damaged.push_back({path, position.file, position.offset, size});
  return damaged;
}

namespace {

constexpr size_t kMigrationBatchBytes = size_t{1} << 20;

Result<void> WriteWhenLarge(Database& index, Batch& batch) {
  if (batch.bytes() < kMigrationBatchBytes) return {};
  FZ_TRY(index.Write(batch, Durability::kBuffered));
  batch.Clear();
  return {};
}

// Schema 4: pages by site and date, and where the files end.
Result<void> AddSiteDatesAndFileEnds(const Layout& layout, Database& index, FileSystem& file_system, Batch& batch) {
  Result<void> inner;
  FZ_TRY(index.Scan(Direction::kForward, keys::Dates(), {}, nullptr, [&](std::string_view key, std::string_view) {
    const uint64_t id = keys::IdAtEnd(key);
    const Result<std::optional<std::string>> text = index.Get(keys::Url(id));
    UrlEntry page;
    if (!text) inner = Fail(text.error());
    else if (!*text || !Decode(**text, &page)) inner = Fail(index.Unreadable(keys::Url(id)));
    if (!inner) return false;
    batch.Put(keys::SiteDate(page.site, key.substr(1, key.size() - 10), id), "");
    inner = WriteWhenLarge(index, batch);
    return inner.has_value();
  }));
  FZ_TRY(std::move(inner));
  FZ_ASSIGN(const warc::Location position, StoredPosition(index));
  FZ_ASSIGN(const std::vector<warc::WarcFile> files, warc::ListFiles(layout.Warc(), file_system));
  for (const warc::WarcFile& file : files) {
    if (file.serial >= position.file) continue;
    FZ_ASSIGN(const uint64_t size, file_system.FileSize(file.path));
    PutFileEnd(batch, {file.serial, size, 0}, position);
  }
  return {};
}

// Schema 5: the pages whose last visit could not tell. Why, that visit says.
Result<void> AddMissed(Database& index, Batch& batch) {
  Result<void> inner;
  FZ_TRY(index.Scan(Direction::kForward, keys::Urls(), {}, nullptr, [&](std::string_view key, std::string_view value) {
    UrlEntry page;
    if (!Decode(value, &page)) inner = Fail(index.Unreadable(key));
    if (!inner || page.failed_visits == 0) return inner.has_value();
    const uint64_t id = keys::IdOf(key);
    MissedEntry missed{page.round, {}, {}};
    Result<void> of_visit;
    inner = index.Scan(Direction::kBackward, keys::Visits(id), {}, nullptr, [&](std::string_view visit_key, std::string_view visit_value) {
      VisitEntry visit;
      if (!Decode(visit_value, &visit)) {
        of_visit = Fail(index.Unreadable(visit_key));
        return false;
      }
      missed.obstacle = visit.finding.starts_with("blocked:")                               ? visit.finding.substr(8)
                        : visit.finding == "throttled" || visit.finding == "needs_js" ? visit.finding
                                                                                            : std::string();
      missed.reason = visit.outcome == "response" || visit.reason == visit.outcome ? visit.reason : visit.outcome + ": " + visit.reason;
      return false;
    });
    if (inner) inner = std::move(of_visit);
    if (inner) batch.Put(keys::Missed(page.site, id), Encode(missed));
    if (inner) inner = WriteWhenLarge(index, batch);
    return inner.has_value();
  }));
  return inner;
}

}  // namespace

Result<void> Migrate(const Layout& layout, Database& index, FileSystem& file_system, int schema) {
  Batch batch;
  if (schema < 4) FZ_TRY(AddSiteDatesAndFileEnds(layout, index, file_system, batch));
  FZ_TRY(AddMissed(index, batch));
  batch.Put(keys::Meta("schema"), std::to_string(keys::kSchema));
  FZ_TRY(index.Write(batch, Durability::kSynced));
  Log(LogLevel::kInfo, "store", "index_migrated", {{"schema", Number(keys::kSchema)}});
  return {};
}

Result<uint64_t> CloseOpenFiles(const Layout& layout, FileSystem& files, const warc::Location& from) {
  uint64_t torn = 0;
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), files));
  for (const warc::WarcFile& file : found) {
    const bool current = file.serial == from.file && from.offset > 0;
    const bool last = &file == &found.back() && file.serial >= from.file;
    if (!file.open && !current && !last) continue;
    FZ_ASSIGN(const uint64_t size, files.FileSize(file.path));
    uint64_t whole = current && from.offset <= size ? from.offset : 0;
    if (file.open && whole >= kLengthBytes) {
      // The last bytes of a gzip member are the length of its content, never 0. After a power cut they may read as zeros although they were
      // synced, where the disk did not tell the truth.
      FZ_ASSIGN(const std::string length, files.ReadAt(file.path, whole - kLengthBytes, kLengthBytes));
      if (length == std::string(kLengthBytes, '\0')) whole = 0;
    }
    if (whole < size) {
      FZ_ASSIGN(const std::unique_ptr<warc::Reader> reader, warc::Reader::Open(file.path, {}, whole));
      while (true) {
        FZ_ASSIGN(const std::optional<warc::Reader::Item> item, reader->Next());
        if (!item) break;
        whole = std::max(whole, reader->end_of_whole_records());
      }
    }
    if (whole < size) {
      FZ_TRY(SetTailAside(layout, files, file.path, whole, size, current && whole < from.offset));
      torn += size - whole;
    }
    if (whole == 0 && !current) {
      FZ_TRY(files.RemoveAll(file.path));  // empty: nothing was ever whole in it
    } else if (file.open) {
      // Of a file that the index knows, an empty one stays too, so that it does not look like a file that is missing.
      FZ_TRY(files.Rename(file.path, FinalPath(file)));
    }
  }
  return torn;
}

Result<void> CutBack(const Layout& layout, FileSystem& files, const warc::Location& start) {
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), files));
  for (const warc::WarcFile& file : found) {
    if (file.serial < start.file) continue;
    if (file.serial > start.file || start.offset == 0) {
      FZ_TRY(files.CreateDirectories(layout.Quarantine()));
      FZ_TRY(files.Rename(file.path, FreeName(layout, files, FileName(FinalPath(file)), ".uncommitted")));
      continue;
    }
    FZ_ASSIGN(const uint64_t size, files.FileSize(file.path));
    if (size > start.offset) FZ_TRY(files.Truncate(file.path, start.offset));
    if (file.open) FZ_TRY(files.Rename(file.path, FinalPath(file)));
  }
  return {};
}

Result<ReplayReport> Replay(Database& database, const std::vector<warc::WarcFile>& files, FileSystem& file_system,
                            const ReplayOptions& options) {
  const warc::Location& from = options.from;
  if (from.offset != 0) {
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&from](const warc::WarcFile& candidate) { return candidate.serial == from.file; });
    uint64_t size = 0;
    if (file != files.end()) {
      FZ_ASSIGN(size, file_system.FileSize(file->path));
    }
    if (size < from.offset) {
      return Fail(ErrorKind::kCorrupt,
                  "the index knows captures up to offset " + std::to_string(from.offset) + " of the WARC file with serial " +
                      std::to_string(from.file) + ", which " +
                      (file == files.end() ? "is missing" : "ends at " + std::to_string(size)) +
                      " (bring the file back, or `fangzhi rebuild` makes the index from what there is)",
                  file == files.end() ? database.directory() : file->path);
    }
  }
  ReplayReport report;
  Fold fold(database);
  PendingState state(database);
  Batch batch;
  warc::Location position = from;
  bool moved = false;
  const auto flush = [&](Durability durability) -> Result<void> {
    fold.Flush(batch);
    state.Flush(batch);
    PutPosition(batch, position);
    FZ_TRY(database.Write(batch, durability));
    batch.Clear();
    return {};
  };
  for (const warc::WarcFile& file : files) {
    if (file.serial < from.file || (options.to && file.serial > options.to->file)) continue;
    warc::ReadOptions read_options;
    read_options.on_damage = [&report](const warc::DamageReport& damage) {
      if (damage.length > 0) ++report.damaged;
      Log(LogLevel::kWarn, "store", "damaged_record",
          {{"file", Escaped(damage.file)},
           {"offset", Number(static_cast<int64_t>(damage.offset))},
           {"reason", Escaped(damage.reason)}});
    };
    const uint64_t begin = file.serial == from.file ? from.offset : 0;
    FZ_ASSIGN(const std::unique_ptr<warc::Reader> reader, warc::Reader::Open(file.path, read_options, begin));
    CaptureAssembler assembler;
    while (true) {
      FZ_ASSIGN(const std::optional<warc::Reader::Item> item, reader->Next());
      if (!item) break;
      if (options.to && file.serial == options.to->file && item->offset >= options.to->offset) break;
      Result<std::optional<CaptureFacts>> facts = assembler.Take(file.serial, *item);
      PutFileEnd(batch, position, {file.serial, item->offset, 0});
      position = {file.serial, item->offset + item->length, 0};
      moved = true;
      if (!facts) {
        ++report.damaged;
        Log(LogLevel::kWarn, "store", "metadata_not_understood",
            {{"file", Escaped(file.path)},
             {"offset", Number(static_cast<int64_t>(item->offset))},
             {"reason", Escaped(facts.error().message)}});
        continue;
      }
      if (!*facts) continue;
      FZ_ASSIGN(const CommitOutcome outcome, fold.Apply(**facts));
      if (options.replay_state) FZ_TRY(state.Apply(options.replay_state, **facts, outcome));
      ++report.captures;
      if (fold.pending_bytes() + state.bytes() >= kReplayBatchBytes) FZ_TRY(flush(Durability::kBuffered));
    }
  }
  if (moved) FZ_TRY(flush(Durability::kSynced));
  return report;
}

Result<bool> IsCutShort(const std::vector<warc::WarcFile>& files, FileSystem& file_system, const warc::Location& position) {
  for (const warc::WarcFile& file : files) {
    if (file.serial != position.file) continue;
    FZ_ASSIGN(const uint64_t size, file_system.FileSize(file.path));
    return size < position.offset;
  }
  return false;
}

namespace {

// The name of a WARC file as notes have it: its own, or "missing-00002.warc.gz".
std::string NameInNote(const LostCaptures& lost) {
  std::string name = FileName(lost.file);
  if (name.starts_with("*-")) name.replace(0, 2, kMissing);
  return name;
}

// Of such a name that of a missing file, its serial.
std::optional<uint32_t> SerialOfMissing(std::string_view name) {
  if (!name.starts_with(kMissing)) return std::nullopt;
  name.remove_prefix(kMissing.size());
  const auto serial = ParseUint(name.substr(0, name.find('.')));
  return serial && *serial <= UINT32_MAX ? std::optional<uint32_t>(static_cast<uint32_t>(*serial)) : std::nullopt;
}

}  // namespace

Result<Losses> FindLosses(const Layout& layout, Database& index, const std::vector<warc::WarcFile>& files, FileSystem& file_system, bool missing_are_lost) {
  struct File {
    uint64_t size = 0;
    LostCaptures lost;
    std::string note;
  };
  std::map<uint32_t, File> known;
  for (const warc::WarcFile& file : files) {
    FZ_ASSIGN(const uint64_t size, file_system.FileSize(file.path));
    known[file.serial] = {size, {file.path, size, size, 0, {}}, {}};
  }
  std::set<uint32_t> missing;
  const auto miss = [&](uint32_t serial) {
    missing.insert(serial);
    if (missing_are_lost) known.try_emplace(serial, File{0, {warc::PathPattern(layout.Warc(), serial), 0, 0, 0, {}}, {}});
  };
  FZ_ASSIGN(const warc::Location position, StoredPosition(index));
  if (position.offset > 0 && known.count(position.file) == 0) miss(position.file);
  if (const auto file = known.find(position.file); file != known.end()) {
    file->second.lost.known_to = std::max(file->second.size, position.offset);
  }
  Result<void> inner;
  FZ_TRY(index.Scan(Direction::kForward, keys::AllVisits(), {}, nullptr, [&](std::string_view key, std::string_view value) {
    const warc::Location place = keys::PlaceOfVisit(key);
    if (known.count(place.file) == 0) miss(place.file);
    const auto file = known.find(place.file);
    if (file == known.end()) return true;
    if (place.offset < file->second.size) return true;
    LostCaptures& lost = file->second.lost;
    VisitEntry visit;
    if (!Decode(value, &visit)) {
      inner = Fail(index.Unreadable(key));
      return false;
    }
    lost.known_to = std::max(lost.known_to, visit.metadata.offset + visit.metadata.length);
    if (++lost.captures > kNotedCaptures) return true;
    const Result<std::optional<std::string>> text = index.Get(keys::Url(keys::IdOf(key)));
    UrlEntry page;
    if (text && *text && Decode(**text, &page)) file->second.note += FormatIso8601(visit.time) + " " + PrintableLine(page.url) + "\n";
    return true;
  }));
  FZ_TRY(std::move(inner));
  Losses losses;
  for (const uint32_t serial : missing) losses.missing_files.push_back(warc::PathPattern(layout.Warc(), serial));
  for (const auto& [serial, file] : known) {
    LostCaptures lost = file.lost;
    if (lost.known_to <= lost.offset) continue;
    // One note a loss, however many attempts to bring the index level it takes: whoever removes it has removed it.
    lost.note = layout.Quarantine() + "/" + NameInNote(lost) + "-" + std::to_string(lost.offset) + "-" + std::to_string(lost.known_to) + std::string(kLossSuffix);
    Log(LogLevel::kWarn, "store", "captures_lost",
        {{"file", Escaped(lost.file)},
         {"offset", Number(static_cast<int64_t>(lost.offset))},
         {"known_to", Number(static_cast<int64_t>(lost.known_to))},
         {"captures", Number(static_cast<int64_t>(lost.captures))}});
    FZ_TRY(file_system.CreateDirectories(layout.Quarantine()));
    if (file_system.Exists(lost.note)) FZ_TRY(file_system.RemoveAll(lost.note));
    FZ_TRY(WriteNote(lost.note,
                     lost.file + (missing.count(serial) != 0 ? " is missing" : " ends at offset " + std::to_string(lost.offset)) + "; the index knew it up to " +
                         std::to_string(lost.known_to) + ". Captures that are lost: " + std::to_string(lost.captures) +
                         (lost.captures > kNotedCaptures ? ", the first of them:\n" : "\n") + file.note,
                     file_system));
    FZ_TRY(file_system.SyncDirectory(layout.Quarantine()));
    losses.cut.push_back(std::move(lost));
  }
  return losses;
}

Result<std::vector<LostCaptures>> ReadLossNotes(const Layout& layout, FileSystem& file_system) {
  constexpr uint64_t kHeadBytes = 16 * 1024;
  constexpr std::string_view kFileSuffix = ".warc.gz";
  constexpr std::string_view kKnownTo = "; the index knew it up to ", kCaptures = ". Captures that are lost: ";
  std::vector<LostCaptures> losses;
  if (!file_system.Exists(layout.Quarantine())) return losses;
  FZ_ASSIGN(const std::vector<std::string> names, file_system.List(layout.Quarantine()));
  std::optional<std::vector<warc::WarcFile>> files;
  for (const std::string& name : names) {
    if (!name.ends_with(kLossSuffix)) continue;
    LostCaptures lost;
    lost.note = layout.Quarantine() + "/" + name;
    const auto number_after = [](std::string_view text, size_t at) {
      const size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
      return ParseUint(text.substr(at, end - at)).value_or(0);
    };
    // Which file, and where it ended, the name says.
    const size_t end = std::min(name.find(kFileSuffix), name.size() - kFileSuffix.size()) + kFileSuffix.size();
    lost.file = layout.Warc() + "/" + name.substr(0, end);
    if (end < name.size() && name[end] == '-') lost.offset = number_after(name, end + 1);
    // A note that was cut off says less, and counts.
    FZ_ASSIGN(const std::string head, file_system.ReadAt(lost.note, 0, kHeadBytes));
    if (const size_t at = head.find(kKnownTo); at != std::string::npos) lost.known_to = number_after(head, at + kKnownTo.size());
    if (const size_t at = head.find(kCaptures); at != std::string::npos) lost.captures = number_after(head, at + kCaptures.size());
    if (const auto serial = SerialOfMissing(name)) {
      if (!files) {
        FZ_ASSIGN(files, warc::ListFiles(layout.Warc(), file_system));
      }
      lost.file = warc::PathPattern(layout.Warc(), *serial);
      const auto file = std::find_if(files->begin(), files->end(), [&](const warc::WarcFile& each) { return each.serial == *serial; });
      const Result<uint64_t> size = file == files->end() ? Result<uint64_t>(0) : file_system.FileSize(file->path);
      if (size && *size > 0 && *size >= lost.known_to) continue;  // it was brought back
    } else if (const auto named = warc::ParseFileName({}, name.substr(0, end))) {
      if (!files) {
        FZ_ASSIGN(files, warc::ListFiles(layout.Warc(), file_system));
      }
      const auto file = std::find_if(files->begin(), files->end(), [&](const warc::WarcFile& each) { return FileName(each.path) == name.substr(0, end); });
      if (file != files->end()) {
        lost.file = file->path;
        const Result<uint64_t> size = file_system.FileSize(file->path);
        if (size && lost.known_to != 0 && *size >= lost.known_to) continue;  // it was brought back
      }
    }
    // Earlier programs left a note for each attempt to bring the index level.
    const bool told = std::any_of(losses.begin(), losses.end(), [&](const LostCaptures& other) { return other.file == lost.file && other.offset == lost.offset && other.known_to == lost.known_to; });
    if (!told) losses.push_back(std::move(lost));
  }
  return losses;
}

Result<void> NoteMissingFile(const Layout& layout, uint32_t serial, FileSystem& file_system) {
  const std::string path = warc::PathPattern(layout.Warc(), serial);
  const std::string note = layout.Quarantine() + "/" + NameInNote({path, 0, 0, 0, {}}) + "-0-0" + std::string(kLossSuffix);
  FZ_TRY(file_system.CreateDirectories(layout.Quarantine()));
  FZ_ASSIGN(const std::vector<std::string> names, file_system.List(layout.Quarantine()));
  // One that says what it held is there already.
  if (std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.ends_with(kLossSuffix) && SerialOfMissing(name) == serial; })) return {};
  FZ_TRY(WriteNote(note, path + " is missing, and no index tells what it held\n", file_system));
  return file_system.SyncDirectory(layout.Quarantine());
}

Result<uint32_t> HighestMissingSerial(const Layout& layout, FileSystem& file_system) {
  uint32_t highest = 0;
  if (!file_system.Exists(layout.Quarantine())) return highest;
  FZ_ASSIGN(const std::vector<std::string> names, file_system.List(layout.Quarantine()));
  for (const std::string& name : names) {
    if (name.ends_with(kLossSuffix)) highest = std::max(highest, SerialOfMissing(name).value_or(0));
  }
  return highest;
}

Result<void> KeepState(Database& old, const ArchiveOptions& options, Database& database) {
  constexpr size_t kWritesABatch = 200;
  for (const std::string& prefix : options.kept_state) {
    Batch batch;
    size_t writes = 0;
    Result<void> written;
    FZ_TRY(old.Scan(Direction::kForward, keys::State(prefix), {}, nullptr, [&](std::string_view key, std::string_view value) {
      batch.Put(std::string(key), std::string(value));
      if (++writes % kWritesABatch == 0) {
        written = database.Write(batch, Durability::kSynced);
        batch = {};
      }
      return static_cast<bool>(written);
    }));
    FZ_TRY(std::move(written));
    FZ_TRY(database.Write(batch, Durability::kSynced));
  }
  return {};
}

Result<void> DiscardOldIndex(const Layout& layout, FileSystem& files) {
  if (!files.Exists(layout.OldIndex())) return {};
  FZ_TRY(files.RemoveAll(layout.NewIndex()));
  FZ_TRY(files.Rename(layout.OldIndex(), layout.NewIndex()));
  return files.RemoveAll(layout.NewIndex());
}

Result<ReplayReport> RemakeIndex(const Layout& layout, FileSystem& files, const ArchiveOptions& options, std::shared_ptr<Database> old) {
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), files));
  FZ_TRY(files.RemoveAll(layout.NewIndex()));  // of an attempt that was cut off
  const bool from_old_index = old && old->directory() == layout.OldIndex();
  ReplayReport report;
  {
    Database::Options database_options;
    database_options.directory = layout.NewIndex();
    database_options.env = options.env;
    database_options.create = true;
    FZ_ASSIGN(const std::shared_ptr<Database> database, Database::Open(std::move(database_options)));
    Batch batch;
    batch.Put(keys::Meta("schema"), std::to_string(keys::kSchema));
    batch.Put(keys::Meta("clean"), "1");
    FZ_TRY(database->Write(batch, Durability::kSynced));
    ReplayOptions replay;
    replay.replay_state = options.replay_state;
    FZ_ASSIGN(report, Replay(*database, found, files, replay));
    if (old) {
      if (const auto kept = KeepState(*old, options, *database); !kept) {
        Log(LogLevel::kWarn, "store", "state_not_kept", {{"reason", Escaped(kept.error().ToString())}});
      }
      old->Close();
    }
    database->Close();
  }
  // Cut off between the renames there is no index: the next Open makes it again, with the state of the old one. So that is always there until the new one
  // stands in its place.
  if (from_old_index) {
    FZ_TRY(files.RemoveAll(layout.Index()));
  } else if (files.Exists(layout.Index())) {
    FZ_TRY(files.RemoveAll(layout.OldIndex()));
    FZ_TRY(files.Rename(layout.Index(), layout.OldIndex()));
  }
  FZ_TRY(files.Rename(layout.NewIndex(), layout.Index()));
  FZ_TRY(DiscardOldIndex(layout, files));
  // Nothing names them any more.
  for (const warc::WarcFile& file : found) {
    FZ_ASSIGN(const uint64_t size, files.FileSize(file.path));
    if (size == 0) FZ_TRY(files.RemoveAll(file.path));
  }
  return report;
}

}  // namespace fangzhi::store
