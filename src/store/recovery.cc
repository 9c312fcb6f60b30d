#include "store/recovery.h"

#include <algorithm>
#include <unordered_map>

#include "base/log.h"
#include "store/capture_records.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"

namespace fangzhi::store {
namespace {

constexpr std::string_view kOpenSuffix = ".open";
constexpr uint64_t kCopyBytes = uint64_t{1} << 20;
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
  FZ_ASSIGN(const std::unique_ptr<AppendFile> note, files.OpenAppend(path + ".txt"));
  FZ_TRY(note->Append(text));
  return note->Sync();
}

Result<void> SetTailAside(const Layout& layout, FileSystem& files, const std::string& path, uint64_t from,
                          uint64_t size) {
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
  FZ_TRY(WriteNote(target,
                   "The last " + std::to_string(size - from) + " bytes of " + path + ", from offset " +
                       std::to_string(from) +
                       ": no whole WARC record.\nThe program was interrupted while it wrote them; nothing in them was "
                       "ever reported as captured.\n",
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

Result<uint64_t> CloseOpenFiles(const Layout& layout, FileSystem& files, const warc::Location& from) {
  uint64_t torn = 0;
  FZ_ASSIGN(const std::vector<warc::WarcFile> found, warc::ListFiles(layout.Warc(), files));
  for (const warc::WarcFile& file : found) {
    if (!file.open) continue;
    FZ_ASSIGN(const uint64_t size, files.FileSize(file.path));
    uint64_t whole = file.serial == from.file && from.offset <= size ? from.offset : 0;
    {
      FZ_ASSIGN(const std::unique_ptr<warc::Reader> reader, warc::Reader::Open(file.path, {}, whole));
      while (true) {
        FZ_ASSIGN(const std::optional<warc::Reader::Item> item, reader->Next());
        if (!item) break;
        whole = std::max(whole, reader->end_of_whole_records());
      }
    }
    if (whole < size) {
      FZ_TRY(SetTailAside(layout, files, file.path, whole, size));
      torn += size - whole;
    }
    if (whole == 0) {
      FZ_TRY(files.RemoveAll(file.path));  // empty: nothing was ever whole in it
    } else {
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

Result<uint64_t> Replay(Database& database, const std::vector<warc::WarcFile>& files, FileSystem& file_system,
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
  uint64_t applied = 0;
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
    read_options.on_damage = [](const warc::DamageReport& damage) {
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
      position = {file.serial, item->offset + item->length, 0};
      moved = true;
      if (!facts) {
        Log(LogLevel::kWarn, "store", "metadata_not_understood",
            {{"file", Escaped(file.path)},
             {"offset", Number(static_cast<int64_t>(item->offset))},
             {"reason", Escaped(facts.error().message)}});
        continue;
      }
      if (!*facts) continue;
      FZ_ASSIGN(const CommitOutcome outcome, fold.Apply(**facts));
      if (options.replay_state) FZ_TRY(state.Apply(options.replay_state, **facts, outcome));
      ++applied;
      if (fold.pending_bytes() + state.bytes() >= kReplayBatchBytes) FZ_TRY(flush(Durability::kBuffered));
    }
  }
  if (moved) FZ_TRY(flush(Durability::kSynced));
  return applied;
}

}  // namespace fangzhi::store
