#include "store/archive.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <set>

#include "base/log.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "http/http.h"
#include "store/capture_records.h"
#include "store/database.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/index_reader.h"
#include "store/keys.h"
#include "store/likeness.h"
#include "store/recovery.h"

namespace fangzhi::store {
namespace {

constexpr uint64_t kFormatVersion = 1;

std::string WarcInfo(const ArchiveOptions& options) {
  std::string block = "software: fangzhi\r\nformat: WARC File Format 1.1\r\n"
                      "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n";
  const auto add = [&block](std::string_view name, const std::string& value) {
    if (!value.empty()) block.append(name).append(": ").append(ReplaceAll(ReplaceAll(value, "\r", " "), "\n", " ")).append("\r\n");
  };
  add("operator", options.operator_name);
  add("http-header-user-agent", options.user_agent);
  add("robots", options.robots_policy);
  add("description",
      "digests are sha256 in lower-case hex; payload digests are of the entity body without transfer coding, with content coding; a "
      "response whose transfer coding was removed has Transfer-Encoding renamed X-Crawler-Transfer-Encoding");
  return block;
}

Result<void> CheckFormat(const std::string& path) {
  FZ_ASSIGN(const std::string text, ReadFile(path, 1024));
  const std::optional<uint64_t> version = ParseUint(TrimAscii(text));
  if (!version || *version == 0) {
    return Fail(ErrorKind::kCorrupt, "expected a format version (1), found \"" + text.substr(0, 40) + "\"", path);
  }
  if (*version > kFormatVersion) {
    return Fail(ErrorKind::kUnsupported,
                "archive format " + std::to_string(*version) + " is newer than this program, which knows " +
                    std::to_string(kFormatVersion),
                path);
  }
  return {};
}

void PutState(Batch& batch, StateWrite write) {
  if (write.value) {
    batch.Put(keys::State(write.key), *std::move(write.value));
  } else {
    batch.Delete(keys::State(write.key));
  }
}

}  // namespace

struct Archive::Impl {
  ArchiveOptions options;
  Layout layout;
  FileSystem* files = nullptr;
  std::optional<FileLock> lock;
  std::shared_ptr<Database> database;
  OpenReport report;

  // The writer's side: one thread.
  std::unique_ptr<warc::Writer> writer;
  uint32_t next_serial = 1;
  std::optional<Error> broken;  // why commits are refused
  bool dirty = false;           // the index says that it was not closed
  bool unclean = false;         // and is to say so after Close too
  bool closed = false;
  warc::Location known_end;     // of what the index knows
  bool end_is_lost = false;     // opened as it is: the last file that the index knows is missing, or ends before what it knows

  std::atomic<uint64_t> warc_bytes_before{0};  // of files that are not the writer's
  std::atomic<uint64_t> warc_bytes_written{0};

  Mutex paths_mutex;
  std::map<uint32_t, std::string> paths FZ_GUARDED_BY(paths_mutex);

  Result<void> Prepare();  // directories, lock, FORMAT
  Result<void> OpenIndex();
  Result<void> MakeLevelWithShorterFiles(const std::vector<warc::WarcFile>& found);
  Result<void> KeepStateOfOldIndex();
  Result<void> MakeWriter();
  Result<void> CheckSchema();
  bool IsDamaged(uint32_t serial) const;
  Result<void> RepeatClicks(const UrlEntry* known, CaptureFacts& facts);
  Result<void> CompareDamage(Fold& fold, CaptureFacts& facts);
  Result<void> Append(std::span<CaptureToCommit> captures, Fold& fold, Batch& batch, std::vector<CommitOutcome>& outcomes);
  Result<void> TakeBack(const warc::Location& start);
  Result<void> WriteBatch(const Batch& batch, const warc::Location& start, const warc::Location& end);
  Result<std::string> PathOf(uint32_t serial, bool again) FZ_EXCLUDES(paths_mutex);
  Result<warc::Record> ReadRecord(const warc::Location& location);
  Result<model::PageRecord> RecordOf(const VersionEntry& version);
};

Result<void> Archive::Impl::Prepare() {
  const std::string& directory = layout.directory;
  const bool exists = files->Exists(layout.Format());
  if (!exists) {
    if (!options.create) return Fail(ErrorKind::kNotFound, "no archive here", directory);
    for (const std::string& path : {layout.Warc(), layout.Index()}) {
      if (!files->Exists(path)) continue;
      FZ_ASSIGN(const std::vector<std::string> names, files->List(path));
      if (!names.empty()) {
        return Fail(ErrorKind::kCorrupt, "missing, but " + path + " is not empty (write \"1\" into it if it was lost)",
                    layout.Format());
      }
    }
    FZ_TRY(files->CreateDirectories(directory));
  }
  FZ_TRY(files->CreateDirectories(layout.Run()));
  FZ_ASSIGN(lock, FileLock::Acquire(layout.Lock()));
  if (!exists) FZ_TRY(WriteFileAtomically(layout.Format(), std::to_string(kFormatVersion) + "\n"));
  FZ_TRY(CheckFormat(layout.Format()));
  for (const std::string& path : {layout.Warc(), layout.Logs(), layout.Quarantine()}) {
    if (!files->Exists(path)) FZ_TRY(files->CreateDirectories(path));
  }
  return {};
}

Result<void> Archive::Impl::OpenIndex() {
  Database::Options database_options;
  database_options.directory = layout.Index();
  database_options.env = options.env;
  database_options.create = true;
  FZ_ASSIGN(database, Database::Open(std::move(database_options)));
  return {};
}

// The index knows captures that the end of its file no longer holds: something cut it, or a disk forgot what it had called synced. What
// is lost is lost; the index is made again from what there is. But not when a whole file is missing: that may be brought back.
Result<void> Archive::Impl::MakeLevelWithShorterFiles(const std::vector<warc::WarcFile>& found) {
  FZ_ASSIGN(const Losses losses, FindLosses(layout, *database, found, *files, false));
  if (!losses.missing_files.empty()) {
    return Fail(ErrorKind::kCorrupt,
                "missing, and another file ends before what the index knows of it (bring the file back, or `fangzhi rebuild` makes the "
                "index from what there is)",
                losses.missing_files.front());
  }
  FZ_ASSIGN(const ReplayReport replayed, RemakeIndex(layout, *files, options, std::move(database)));
  Log(LogLevel::kWarn, "store", "index_made_again",
      {{"captures", Number(static_cast<int64_t>(replayed.captures))}, {"damaged", Number(static_cast<int64_t>(replayed.damaged))}});
  return OpenIndex();
}

// A rebuild was cut off between its renames, and so may have been the Open that was to mend that: the state of the old index is wanted until it is there.
Result<void> Archive::Impl::KeepStateOfOldIndex() {
  Database::Options old_options;
  old_options.directory = layout.OldIndex();
  old_options.env = options.env;
  Result<std::shared_ptr<Database>> old = Database::Open(std::move(old_options));
  Result<void> kept = old ? KeepState(**old, options, *database) : Result<void>(Fail(old.error()));
  if (old) (*old)->Close();
  if (!kept) {
    Log(LogLevel::kWarn, "store", "state_not_kept", {{"reason", Escaped(kept.error().ToString())}});
    return {};
  }
  return DiscardOldIndex(layout, *files);
}

Result<void> Archive::Impl::MakeWriter() {
  writer.reset();
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), *files));
  uint64_t bytes = 0;
  for (const warc::WarcFile& file : found) {
    FZ_ASSIGN(const uint64_t size, files->FileSize(file.path));
    bytes += size;
    next_serial = std::max(next_serial, file.serial + 1);
  }
  FZ_ASSIGN(const uint32_t missing, HighestMissingSerial(layout, *files));
  next_serial = std::max(next_serial, missing + 1);
  warc_bytes_before = bytes;
  warc_bytes_written = 0;
  warc::WriterOptions writer_options;
  writer_options.directory = layout.Warc();
  writer_options.prefix = options.warc_prefix;
  writer_options.max_bytes = options.warc_max_bytes;
  writer_options.compression = options.warc_compression;
  writer_options.warcinfo = WarcInfo(options);
  writer_options.files = files;
  writer_options.clock = options.clock;
  FZ_ASSIGN(writer, warc::Writer::Create(std::move(writer_options), next_serial));
  MutexLock guard(paths_mutex);
  paths.clear();
  for (const warc::WarcFile& file : found) paths[file.serial] = file.path;
  return {};
}

// An index that was just made gets its number.
Result<void> Archive::Impl::CheckSchema() {
  FZ_ASSIGN(const std::optional<std::string> schema, database->Get(keys::Meta("schema")));
  if (!schema) {
    Batch batch;
    batch.Put(keys::Meta("schema"), std::to_string(keys::kSchema));
    return database->Write(batch, Durability::kSynced);
  }
  if (*schema == std::to_string(keys::kSchema)) return {};
  if ((*schema == "3" || *schema == "4") && lock) return Migrate(layout, *database, *files, *schema == "3" ? 3 : 4);
  return Fail(ErrorKind::kUnsupported,
              "index of schema " + *schema + ", this program knows " + std::to_string(keys::kSchema) +
                  " (`fangzhi rebuild` makes it again from the WARC files)",
              layout.Index());
}

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Archive::~Archive() {
  if (!impl_ || impl_->closed) return;
  const Result<void> closed = Close();
  if (!closed) Log(LogLevel::kError, "store", "close_failed", {{"reason", Escaped(closed.error().ToString())}});
}

Result<std::unique_ptr<Archive>> Archive::Open(ArchiveOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->layout.directory = options.directory;
  impl->files = options.files != nullptr ? options.files : &PosixFileSystem();
  impl->options = std::move(options);
  FZ_TRY(impl->Prepare());

  const bool had_index = impl->files->Exists(impl->layout.Index());
  FZ_TRY(impl->OpenIndex());
  FZ_TRY(impl->CheckSchema());
  if (impl->files->Exists(impl->layout.OldIndex())) FZ_TRY(impl->KeepStateOfOldIndex());
  FZ_ASSIGN(const std::optional<std::string> clean, impl->database->Get(keys::Meta("clean")));
  FZ_ASSIGN(const warc::Location position, StoredPosition(*impl->database));
  FZ_ASSIGN(impl->report.torn_bytes, CloseOpenFiles(impl->layout, *impl->files, position));
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(impl->layout.Warc(), *impl->files));
  FZ_ASSIGN(const bool cut_short, IsCutShort(found, *impl->files, position));
  if (cut_short) {
    FZ_TRY(impl->MakeLevelWithShorterFiles(found));
  } else {
    ReplayOptions replay;
    replay.from = position;
    replay.replay_state = impl->options.replay_state;
    FZ_ASSIGN(const ReplayReport replayed, Replay(*impl->database, found, *impl->files, replay));
    impl->report.captures_applied = replayed.captures;
  }
  impl->report.clean = clean.value_or("1") == "1" && (had_index || found.empty()) && impl->report.torn_bytes == 0 &&
                       impl->report.captures_applied == 0 && !cut_short;
  impl->dirty = !cut_short && clean.value_or("1") != "1";
  FZ_ASSIGN(impl->known_end, StoredPosition(*impl->database));
  FZ_ASSIGN(impl->report.damaged_files, FindDamagedFiles(impl->layout, *impl->database, found, *impl->files));
  FZ_TRY(impl->MakeWriter());
  if (!impl->report.clean) {
    Log(LogLevel::kInfo, "store", "recovered",
        {{"torn_bytes", Number(static_cast<int64_t>(impl->report.torn_bytes))},
         {"captures_applied", Number(static_cast<int64_t>(impl->report.captures_applied))}});
  }
  return std::unique_ptr<Archive>(new Archive(std::move(impl)));
}

Result<std::unique_ptr<Archive>> Archive::OpenAsItIs(const ArchiveOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->layout.directory = options.directory;
  impl->files = options.files != nullptr ? options.files : &PosixFileSystem();
  impl->options = options;
  const Layout& layout = impl->layout;
  if (!impl->files->Exists(layout.Format())) return Fail(ErrorKind::kNotFound, "no archive here", layout.directory);
  FZ_TRY(CheckFormat(layout.Format()));
  Database::Options database_options;
  database_options.directory = layout.Index();
  database_options.read_only = true;
  FZ_ASSIGN(impl->database, Database::Open(std::move(database_options)));
  FZ_TRY(impl->CheckSchema());
  FZ_ASSIGN(const warc::Location position, StoredPosition(*impl->database));
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), *impl->files));
  // There is nothing to put right where the last file has its final name and ends where the index stands.
  warc::Location end;
  uint64_t bytes = 0;
  bool open = false;
  for (const warc::WarcFile& file : found) {
    const Result<uint64_t> size = impl->files->FileSize(file.path);
    if (!size) {
      open = true;  // it gets its final name just now
      continue;
    }
    bytes += *size;
    open = open || file.open;
    end = {file.serial, *size, 0};
    MutexLock guard(impl->paths_mutex);
    impl->paths[file.serial] = file.path;
  }
  impl->warc_bytes_before = bytes;
  FZ_ASSIGN(impl->report.damaged_files, FindDamagedFiles(layout, *impl->database, found, *impl->files));
  impl->end_is_lost = position.offset > 0 && impl->IsDamaged(position.file);
  impl->report.clean = !open && end.file == position.file && end.offset == position.offset;
  return std::unique_ptr<Archive>(new Archive(std::move(impl)));
}

Result<std::unique_ptr<Archive>> Archive::OpenToRead(ArchiveOptions options) {
  options.create = false;
  Result<std::unique_ptr<Archive>> read = OpenAsItIs(options);
  if (read && ((*read)->open_report().clean || (*read)->impl_->end_is_lost || FileLock::IsHeld(Layout{options.directory}.Lock()))) return read;
  FileSystem& files = options.files != nullptr ? *options.files : PosixFileSystem();
  if (!read && !files.Exists(Layout{options.directory}.Format())) return read;
  Result<std::unique_ptr<Archive>> writable = Open(options);
  if (!writable) {
    if (!read && (writable.error().kind == ErrorKind::kIo || writable.error().kind == ErrorKind::kNoSpace)) {
      read.error().message += "; nor can it be put right here: " + writable.error().ToString();
      return read;
    }
    if (!read) return writable;
    if (writable.error().kind != ErrorKind::kConflict) {
      Log(LogLevel::kWarn, "store", "not_put_right", {{"reason", Escaped(writable.error().ToString())}, {"shown", Escaped("what was acknowledged")}});
    }
    return read;
  }
  OpenReport report = (*writable)->open_report();
  (*writable)->impl_->unclean = !report.clean;  // the next crawl's to know
  FZ_TRY((*writable)->Close());
  FZ_ASSIGN(auto again, OpenAsItIs(options));
  again->impl_->report = std::move(report);
  return again;
}

Result<void> Archive::Close() {
  if (impl_->closed) return {};
  impl_->closed = true;
  Result<void> result;
  if (impl_->broken) {
    result = Fail(*impl_->broken);
  } else if (impl_->writer) {
    result = impl_->writer->Finish();
    if (result && impl_->dirty && !impl_->unclean) {
      Batch batch;
      batch.Put(keys::Meta("clean"), "1");
      result = impl_->database->Write(batch, Durability::kSynced);
    }
  }
  impl_->writer.reset();
  impl_->database->Close();
  impl_->lock.reset();
  return result;
}

std::string DamagedFile::ToString() const {
  return path + ": " + (size ? "ends at " + std::to_string(*size) : std::string("missing")) + ", the index knows it up to " + std::to_string(known_to) +
         "; what was captured there cannot be read (bring the file back, or `fangzhi rebuild` makes the index without it)";
}

bool Archive::Impl::IsDamaged(uint32_t serial) const {
  return std::any_of(report.damaged_files.begin(), report.damaged_files.end(), [&](const DamagedFile& file) { return file.serial == serial; });
}

std::string LostCaptures::ToString() const {
  std::string text = file + (offset == 0 ? std::string(": missing or empty") : ": ended at " + std::to_string(offset));
  if (known_to == 0) return text + ", captures behind it are lost (" + note + ")";
  return text + ", the index knew it up to " + std::to_string(known_to) + ": " + std::to_string(captures) + " captures are lost (" + note + " names them)";
}

bool Archive::HasFile(uint32_t serial) const { return !impl_->IsDamaged(serial); }
const OpenReport& Archive::open_report() const { return impl_->report; }
const std::string& Archive::directory() const { return impl_->layout.directory; }
uint64_t Archive::warc_bytes() const { return impl_->warc_bytes_before + impl_->warc_bytes_written; }

// The same bytes are not read again, and they show the same click count: this visit has seen it too. What a counter said is another matter.
Result<void> Archive::Impl::RepeatClicks(const UrlEntry* known, CaptureFacts& facts) {
  const bool same_page = facts.identical && !facts.record && !facts.clicks && facts.purpose == Purpose::kPage && facts.absence.empty();
  if (!same_page || known == nullptr || known->payload_version == 0) return {};
  const std::string first = keys::Click(known->id, known->payload_time, {});
  Result<void> inner;
  FZ_TRY(database->Scan(Direction::kForward, keys::Clicks(known->id), first, nullptr, [&](std::string_view key, std::string_view value) {
    ClickObservation shown;
    if (!Decode(value, &shown)) {
      inner = Fail(database->Unreadable(key));
      return false;
    }
    if (shown.time != known->payload_time) return false;
    if (std::string_view(shown.basis).starts_with("counter")) return true;
    facts.clicks = shown.clicks;
    facts.clicks_basis = shown.basis;
    return false;
  }));
  return inner;
}

// A page that came back damaged, or without the damage that it had, differs from its version by that alone as often as not.
Result<void> Archive::Impl::CompareDamage(Fold& fold, CaptureFacts& facts) {
  facts.only_damage = 0;
  if (!facts.record || facts.purpose != Purpose::kPage || facts.record->kind == model::PageKind::kError) return {};
  FZ_ASSIGN(const VersionEntry* latest, fold.FindLatest(facts.url));
  const size_t damaged = facts.record->damage.size();
  if (latest == nullptr || (damaged == 0 && latest->damaged == 0)) return {};
  // What is damaged is in no frame that could be told.
  if (damaged > latest->damaged) facts.other_frame = false;
  // Where its record cannot be read nothing is known of it.
  const Result<model::PageRecord> before = RecordOf(*latest);
  if (before && DiffersOnlyInDamage(*before, *facts.record)) facts.only_damage = latest->number;
  return {};
}

// What ends a file goes into `batch`.
Result<void> Archive::Impl::Append(std::span<CaptureToCommit> captures, Fold& fold, Batch& batch,
                                   std::vector<CommitOutcome>& outcomes) {
  warc::Location last = known_end;
  for (CaptureToCommit& item : captures) {
    CaptureFacts& facts = item.facts;
    FZ_ASSIGN(const UrlEntry* known, fold.Find(TargetUri(item.capture.url)));
    // Nothing is left out for being the same as what cannot be read.
    UrlEntry unreadable;
    if (known != nullptr && known->payload.length != 0 && IsDamaged(known->payload.file)) {
      unreadable = *known;
      unreadable.payload = {};
      known = &unreadable;
    }
    CompleteFacts(item.capture, known, facts);
    FZ_TRY(RepeatClicks(known, facts));
    FZ_TRY(CompareDamage(fold, facts));
    FZ_TRY(writer->BeginGroup());
    uint64_t bytes = 0;
    const auto append = [&](const warc::Record& record) -> Result<warc::Location> {
      FZ_ASSIGN(const warc::Location place, writer->Append(record));
      PutFileEnd(batch, last, place);
      last = {place.file, place.offset + place.length, 0};
      bytes += place.length;
      return place;
    };
    const std::vector<warc::Record> records = ExchangeRecords(item.capture, known, facts);
    for (size_t i = 0; i < records.size(); ++i) {
      FZ_ASSIGN(const warc::Location place, append(records[i]));
      if (i == 0) facts.response = place;
    }
    FZ_ASSIGN(facts.metadata, append(MetadataRecord(facts, facts.response_id)));
    FZ_ASSIGN(CommitOutcome outcome, fold.Apply(facts));
    outcome.stored_bytes = bytes;
    outcomes.push_back(std::move(outcome));
  }
  return writer->Sync();
}

// After a failure before the index was written: nothing of the group was acknowledged, so it goes out of the WARC again.
Result<void> Archive::Impl::TakeBack(const warc::Location& start) {
  next_serial = std::max(next_serial, writer->position().file + 1);
  writer.reset();
  FZ_TRY(CutBack(layout, *files, start));
  return MakeWriter();
}

// Writes the batch of a group whose records are synced. A failed write may have left LevelDB where it loses later writes that it
// acknowledges: it is opened again, and brought level with the WARC, before anything else is written.
Result<void> Archive::Impl::WriteBatch(const Batch& batch, const warc::Location& start, const warc::Location& end) {
  Result<void> written = database->Write(batch, Durability::kSynced);
  if (written) return {};
  Log(LogLevel::kWarn, "store", "index_write_failed", {{"reason", Escaped(written.error().ToString())}});
  FZ_TRY(database->Reopen());
  FZ_ASSIGN(const warc::Location position, StoredPosition(*database));
  const auto same = [](const warc::Location& a, const warc::Location& b) {
    return a.file == b.file && a.offset == b.offset;
  };
  // A batch without captures leaves the position where it was, so that says nothing of whether the batch was written. Written twice it is the same.
  if (!same(position, start) && !same(position, end)) {
    // Acknowledged groups are missing. They are in the WARC.
    FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), *files));
    ReplayOptions replay;
    replay.from = position;
    replay.to = start;
    replay.replay_state = options.replay_state;
    FZ_ASSIGN(const ReplayReport replayed, Replay(*database, found, *files, replay));
    Log(LogLevel::kWarn, "store", "index_level_again", {{"captures", Number(static_cast<int64_t>(replayed.captures))}});
  }
  return database->Write(batch, Durability::kSynced);
}

Result<std::vector<CommitOutcome>> Archive::Commit(std::span<CaptureToCommit> captures,
                                                   std::span<const StateWrite> state) {
  return CommitWith(captures, [&](std::span<const CommitOutcome>) { return std::vector<StateWrite>(state.begin(), state.end()); });
}

Result<std::vector<CommitOutcome>> Archive::CommitWith(
    std::span<CaptureToCommit> captures, const std::function<std::vector<StateWrite>(std::span<const CommitOutcome>)>& state) {
  Impl& impl = *impl_;
  if (impl.closed) return Fail(ErrorKind::kInternal, "commit after close", impl.layout.directory);
  if (!impl.writer && !impl.broken) return Fail(ErrorKind::kUnsupported, "opened for reading only", impl.layout.directory);
  if (impl.broken) {
    Error error = *impl.broken;
    error.message = "the archive takes nothing more until it is opened again, after: " + error.message;
    return Fail(std::move(error));
  }
  const warc::Location start = impl.writer->position();
  // Until the batch is written the files hold captures that no index has. Whatever leaves here before, an exception of `state` too, must not be followed by
  // a commit whose position lies behind them.
  class Guard {
   public:
    Guard(Impl& archive, bool appends) : archive_(archive), appends_(appends) {}
    ~Guard() {
      if (appends_ && !archive_.broken) archive_.broken = Error{ErrorKind::kInternal, "a commit was cut off", archive_.layout.directory};
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    void Release() { appends_ = false; }

   private:
    Impl& archive_;
    bool appends_;
  } guard(impl, !captures.empty());
  Fold fold(*impl.database);
  std::vector<CommitOutcome> outcomes;
  outcomes.reserve(captures.size());
  Batch batch;
  if (!captures.empty()) {
    Result<void> appended = impl.Append(captures, fold, batch, outcomes);
    if (!appended) {
      Result<void> taken_back = impl.TakeBack(start);
      if (!taken_back) impl.broken = taken_back.error();
      guard.Release();
      return Fail(std::move(appended.error()));
    }
  }
  const warc::Location end = impl.writer->position();
  fold.Flush(batch);
  for (StateWrite& write : state(outcomes)) PutState(batch, std::move(write));
  if (!captures.empty()) PutPosition(batch, end);
  if (!impl.dirty) batch.Put(keys::Meta("clean"), "0");
  if (batch.changes().empty()) return outcomes;
  Result<void> written = impl.WriteBatch(batch, start, end);
  if (!written) {
    // The records are synced; the next Open applies them.
    impl.broken = written.error();
    return Fail(std::move(written.error()));
  }
  guard.Release();
  impl.dirty = true;
  if (!captures.empty()) impl.known_end = end;
  impl.warc_bytes_written = impl.writer->bytes_written();
  return outcomes;
}

void Archive::LeaveUnclean() { impl_->unclean = true; }

Result<std::vector<LostCaptures>> Archive::NotedLosses() const { return ReadLossNotes(impl_->layout, *impl_->files); }

std::shared_ptr<const IndexReader> Archive::Snapshot() const { return NewIndexReader(impl_->database); }

Result<std::optional<std::string>> Archive::GetState(std::string_view key) const {
  return impl_->database->Get(keys::State(key));
}

Result<void> Archive::ScanState(std::string_view prefix, std::string_view from,
                                const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  return impl_->database->Scan(
      Direction::kForward, keys::State(prefix), keys::State(from), nullptr,
      [&visit](std::string_view key, std::string_view value) { return visit(key.substr(1), value); });
}

Result<std::string> Archive::Impl::PathOf(uint32_t serial, bool again) {
  if (!again) {
    MutexLock guard(paths_mutex);
    const auto found = paths.find(serial);
    if (found != paths.end()) return found->second;
  }
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), *files));
  MutexLock guard(paths_mutex);
  paths.clear();
  for (const warc::WarcFile& file : found) paths[file.serial] = file.path;
  const auto path = paths.find(serial);
  if (path == paths.end()) {
    return Fail(ErrorKind::kNotFound, "no WARC file with serial " + std::to_string(serial), layout.Warc());
  }
  return path->second;
}

Result<std::string> Archive::WarcPath(uint32_t serial) const {
  FZ_ASSIGN(std::string path, impl_->PathOf(serial, false));
  if (impl_->files->Exists(path)) return path;
  return impl_->PathOf(serial, true);  // it has got its final name since
}

Result<warc::Record> Archive::Impl::ReadRecord(const warc::Location& location) {
  FZ_ASSIGN(const std::string path, PathOf(location.file, false));
  Result<warc::Record> record = warc::ReadRecord(path, location.offset, location.length);
  if (record || files->Exists(path)) return record;
  FZ_ASSIGN(const std::string renamed, PathOf(location.file, true));
  return warc::ReadRecord(renamed, location.offset, location.length);
}

Result<model::PageRecord> Archive::ReadRecord(const VersionEntry& version) const { return impl_->RecordOf(version); }

Result<model::PageRecord> Archive::Impl::RecordOf(const VersionEntry& version) {
  FZ_ASSIGN(const warc::Record record, ReadRecord(version.metadata));
  Result<CaptureFacts> facts = FactsFromMetadata(record.block);
  if (!facts) {
    Error error = std::move(facts.error());
    FZ_ASSIGN(const std::string path, PathOf(version.metadata.file, false));
    error.subject = path + ":" + std::to_string(version.metadata.offset);
    return Fail(std::move(error));
  }
  if (facts->record) return std::move(*facts->record);
  model::PageRecord bare;  // a body that is no page: a document, an image
  bare.url = facts->url.empty() ? std::string(record.Field("WARC-Target-URI").value_or(std::string_view())) : facts->url;
  return bare;
}

Result<Archive::Payload> Archive::ReadPayload(const warc::Location& response) const {
  if (response.length == 0) return Fail(ErrorKind::kNotFound, "no response was received", impl_->layout.Warc());
  FZ_ASSIGN(warc::Record record, impl_->ReadRecord(response));
  Payload payload;
  payload.url = record.Field("WARC-Target-URI").value_or(std::string_view());
  payload.time = record.date;
  if (record.type == "resource") {
    payload.payload = std::move(record.block);
    return payload;
  }
  const size_t head = http::HeadLength(record.block);
  payload.head = record.block.substr(0, head);
  if (record.type != "revisit") {
    payload.payload = warc::PayloadOf(record);
    return payload;
  }
  // The bytes lie in the record that the revisit refers to, which is of the same URL.
  const std::string wanted(WithoutBrackets(record.Field("WARC-Refers-To").value_or(std::string_view())));
  const std::optional<UtcTime> time = ParseIso8601(record.Field("WARC-Refers-To-Date").value_or(std::string_view()));
  const std::shared_ptr<const IndexReader> index = Snapshot();
  FZ_ASSIGN(const std::optional<UrlEntry> page, index->FindUrl(payload.url));
  std::optional<warc::Location> original;
  if (page && page->payload_record_id == wanted) {
    original = page->payload;
  } else if (page && time) {
    FZ_TRY(index->ForEachVisit(page->id, [&](const VisitEntry& visit) {
      if (visit.time == *time && visit.response.length != 0 && !(visit.response == response)) original = visit.response;
      return !original;
    }));
  }
  if (original) {
    FZ_ASSIGN(const warc::Record found, impl_->ReadRecord(*original));
    if (found.id == wanted) {
      payload.payload = found.type == "resource" ? found.block : std::string(warc::PayloadOf(found));
      return payload;
    }
  }
  FZ_ASSIGN(const std::string path, impl_->PathOf(response.file, false));
  return Fail(ErrorKind::kNotFound, "the revisit refers to " + wanted + ", which is not in the archive",
              path + ":" + std::to_string(response.offset));
}

namespace {

// Serials up to the last that no file has, each noted. A serial whose file was taken back after a failed commit lies in quarantine/.
Result<std::vector<std::string>> LeftOut(const Layout& layout, const std::vector<warc::WarcFile>& found, FileSystem& files) {
  std::set<uint32_t> there;
  for (const warc::WarcFile& file : found) there.insert(file.serial);
  std::vector<std::string> left_out;
  if (found.empty()) return left_out;
  FZ_ASSIGN(const std::vector<std::string> aside, files.List(layout.Quarantine()));
  constexpr std::string_view kSuffix = ".warc.gz";
  for (const std::string& name : aside) {
    const size_t end = name.find(kSuffix);
    if (end == std::string::npos || name.rfind(".uncommitted") == std::string::npos) continue;
    if (const auto file = warc::ParseFileName({}, name.substr(0, end + kSuffix.size()))) there.insert(file->serial);
  }
  constexpr size_t kMost = 1000;  // a name may claim any serial
  for (uint32_t serial = 1; serial < found.back().serial && left_out.size() < kMost; ++serial) {
    if (there.count(serial) != 0) continue;
    left_out.push_back(warc::PathPattern(layout.Warc(), serial));
    FZ_TRY(NoteMissingFile(layout, serial, files));
  }
  return left_out;
}

// The index that is about to be replaced, where it can be opened: null where there is none. One that an attempt before has put aside comes first, for what
// stands in its place may have been begun only.
std::shared_ptr<Database> OpenOld(const Layout& layout, FileSystem& files, const ArchiveOptions& options) {
  for (const std::string& directory : {layout.OldIndex(), layout.Index()}) {
    if (!files.Exists(directory)) continue;
    Database::Options old_options;
    old_options.directory = directory;
    old_options.env = options.env;
    Result<std::shared_ptr<Database>> opened = Database::Open(std::move(old_options));
    if (opened) return std::move(*opened);
    Log(LogLevel::kWarn, "store", "old_index_unreadable", {{"reason", Escaped(opened.error().ToString())}});
  }
  return nullptr;
}

// What it knows; an error where it cannot be read or is of another schema.
Result<warc::Location> PositionOf(Database& index) {
  FZ_ASSIGN(const std::optional<std::string> schema, index.Get(keys::Meta("schema")));
  if (schema != std::to_string(keys::kSchema)) return Fail(ErrorKind::kUnsupported, "index of another schema", index.directory());
  return StoredPosition(index);
}

}  // namespace

Result<RebuildReport> Archive::Rebuild(ArchiveOptions options) {
  Impl impl;
  impl.layout.directory = options.directory;
  impl.files = options.files != nullptr ? options.files : &PosixFileSystem();
  impl.options = std::move(options);
  impl.options.create = false;
  FZ_TRY(impl.Prepare());
  FileSystem& files = *impl.files;
  const Layout& layout = impl.layout;
  std::shared_ptr<Database> old = OpenOld(layout, files, impl.options);
  warc::Location position;
  bool old_tells = false;
  if (old) {
    const Result<warc::Location> known = PositionOf(*old);
    old_tells = known.has_value();
    if (known) position = *known;
  }
  RebuildReport report;
  FZ_ASSIGN(report.torn_bytes, CloseOpenFiles(layout, files, position));
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), files));
  if (old_tells) {
    Result<Losses> losses = FindLosses(layout, *old, found, files, true);
    old_tells = losses.has_value();
    if (losses) {
      report.missing_files = std::move(losses->missing_files);
      report.lost = std::move(losses->cut);
    } else {
      Log(LogLevel::kWarn, "store", "old_index_unreadable", {{"reason", Escaped(losses.error().ToString())}});
    }
  }
  if (!old_tells) {
    FZ_ASSIGN(report.missing_files, LeftOut(layout, found, files));
  }
  for (const std::string& path : report.missing_files) Log(LogLevel::kWarn, "store", "file_missing", {{"file", Escaped(path)}});
  FZ_ASSIGN(const ReplayReport replayed, RemakeIndex(layout, files, impl.options, std::move(old)));
  report.captures = replayed.captures;
  report.damaged = replayed.damaged;
  return report;
}

}  // namespace fangzhi::store
