#include "store/index_files.h"

#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/options.h>
#include <leveldb/table.h>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "base/files.h"
#include "store/database.h"
#include "store/pread_env.h"

namespace fangzhi::store {
namespace {

// --- LevelDB's checksums: CRC-32C, "masked" (LevelDB, util/crc32c.h) ---

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0);  // the Castagnoli polynomial, reflected
    table[i] = value;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kCrcTable = MakeCrcTable();

uint32_t MaskedCrc(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char c : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

uint32_t Fixed32(std::string_view at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= static_cast<uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return value;
}

// --- tables ---

constexpr size_t kBlockTrailer = 5;  // type, checksum
constexpr size_t kFooter = 48;

// Hands a table's blocks on to LevelDB and compares each with its checksum.
class CheckedFile final : public leveldb::RandomAccessFile {
 public:
  CheckedFile(std::unique_ptr<leveldb::RandomAccessFile> file, uint64_t size, const std::function<void(uint64_t offset, uint64_t length, std::string problem)>& on_damage)
      : file_(std::move(file)), size_(size), on_damage_(on_damage) {}
  leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
    const leveldb::Status status = file_->Read(offset, size, result, scratch);
    if (!told_.insert(offset).second) return status;
    if (!status.ok()) {
      on_damage_(offset, size, "cannot be read: " + status.ToString());
    } else if (result->size() != size) {
      on_damage_(offset, size, "a block of the index is cut off");
    } else if (offset + kFooter != size_ && size >= kBlockTrailer) {
      const std::string_view block(result->data(), result->size());
      if (MaskedCrc(block.substr(0, size - 4)) != Fixed32(block.substr(size - 4))) on_damage_(offset, size, "a block of the index does not have its checksum");
    }
    return status;
  }

 private:
  const std::unique_ptr<leveldb::RandomAccessFile> file_;
  const uint64_t size_;
  const std::function<void(uint64_t offset, uint64_t length, std::string problem)>& on_damage_;
  mutable std::set<uint64_t> told_;  // blocks that were seen
};

// --- logs: records in blocks of 32 KiB (LevelDB, doc/log_format.md) ---

constexpr size_t kLogBlock = 32 * 1024;
constexpr size_t kLogHeader = 7;

// Whether a whole record begins somewhere in these bytes.
bool HoldsRecord(std::string_view bytes) {
  for (size_t at = 0; at + kLogHeader <= bytes.size(); ++at) {
    const size_t length = static_cast<unsigned char>(bytes[at + 4]) | static_cast<size_t>(static_cast<unsigned char>(bytes[at + 5])) << 8;
    const auto type = static_cast<unsigned char>(bytes[at + 6]);
    if (type == 0 || type > 4 || length == 0 || at + kLogHeader + length > bytes.size()) continue;
    if (MaskedCrc(bytes.substr(at + 6, length + 1)) == Fixed32(bytes.substr(at))) return true;
  }
  return false;
}

// The records of a log, each put together from its fragments. What is cut off at the end was never acknowledged, or is being written; but nothing
// whole is behind it. (LevelDB does not look, and takes the log to end there.)
void ForEachLogRecord(std::string_view log, const std::function<void(std::string_view record)>& on_record,
                      const std::function<void(uint64_t offset, uint64_t length, std::string problem)>& on_damage) {
  enum : unsigned char { kZero = 0, kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };
  std::string record;
  for (size_t block = 0; block < log.size(); block += kLogBlock) {
    const std::string_view bytes = log.substr(block, kLogBlock);
    for (size_t at = 0; at + kLogHeader <= bytes.size();) {
      const size_t length = static_cast<unsigned char>(bytes[at + 4]) | static_cast<size_t>(static_cast<unsigned char>(bytes[at + 5])) << 8;
      const auto type = static_cast<unsigned char>(bytes[at + 6]);
      if (type == kZero && length == 0) break;  // room that was made in advance
      if (at + kLogHeader + length > bytes.size()) {
        if (bytes.size() == kLogBlock || HoldsRecord(bytes.substr(at + kLogHeader))) on_damage(block + at, bytes.size() - at, "a record of the index's log is longer than its block");
        break;
      }
      if (MaskedCrc(bytes.substr(at + 6, length + 1)) != Fixed32(bytes.substr(at))) {
        // Where the next one begins is not known before the next block.
        on_damage(block + at, bytes.size() - at, "a record of the index's log does not have its checksum");
        record.clear();
        break;
      }
      if (type == kFull || type == kFirst) record.clear();
      record += bytes.substr(at + kLogHeader, length);
      if (type == kFull || type == kLast) on_record(record);
      at += kLogHeader + length;
    }
  }
}

// --- the manifest: which files the index is made of (LevelDB, db/version_edit.cc) ---

struct LiveFiles {
  std::string manifest;
  std::map<uint64_t, uint64_t> tables;  // number → bytes
  uint64_t first_log = 0;
};

class EditReader {
 public:
  explicit EditReader(std::string_view bytes) : bytes_(bytes) {}
  bool AtEnd() const { return bytes_.empty(); }
  bool failed() const { return failed_; }
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  void SkipText() {
    const uint64_t length = Varint();
    failed_ = failed_ || length > bytes_.size();
    bytes_.remove_prefix(failed_ ? bytes_.size() : static_cast<size_t>(length));
  }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

// False for what is no edit.
bool Apply(std::string_view edit, LiveFiles& files) {
  enum : uint64_t { kComparator = 1, kLog = 2, kNextFile = 3, kLastSequence = 4, kCompactPointer = 5, kDeletedFile = 6, kNewFile = 7, kPreviousLog = 9 };
  EditReader reader(edit);
  while (!reader.AtEnd() && !reader.failed()) {
    switch (reader.Varint()) {
      case kComparator: reader.SkipText(); break;
      case kLog: files.first_log = reader.Varint(); break;
      case kNextFile:
      case kLastSequence:
      case kPreviousLog: reader.Varint(); break;
      case kCompactPointer:
        reader.Varint();
        reader.SkipText();
        break;
      case kDeletedFile:
        reader.Varint();
        files.tables.erase(reader.Varint());
        break;
      case kNewFile: {
        reader.Varint();
        const uint64_t number = reader.Varint();
        files.tables[number] = reader.Varint();
        reader.SkipText();
        reader.SkipText();
        break;
      }
      default: return false;
    }
  }
  return !reader.failed();
}

class Checker {
 public:
  Checker(const std::string& directory, const std::function<void(const IndexDamage&)>& on_damage, const std::function<bool()>& on_progress)
      : directory_(directory), on_damage_(on_damage), on_progress_(on_progress) {}

  Result<void> Run() {
    FZ_ASSIGN(const std::vector<std::string> names, PosixFileSystem().List(directory_));
    const LiveFiles files = ReadManifest(true);
    for (const std::string& name : names) {
      const size_t dot = name.find('.');
      if (dot == std::string::npos || name.substr(dot) != ".log" || name.find_first_not_of("0123456789") != dot) continue;
      if (std::stoull(name.substr(0, std::min<size_t>(dot, 18))) < files.first_log) continue;  // is in a table already
      FZ_TRY(CheckLog(directory_ + "/" + name));
    }
    for (const auto& [number, bytes] : files.tables) FZ_TRY(CheckTable(number, bytes));
    return {};
  }

 private:
  void Damaged(const std::string& file, std::optional<uint64_t> offset, std::optional<uint64_t> length, std::string problem) {
    on_damage_({file, offset, length, std::move(problem)});
  }
  Result<void> Progress() const {
    if (!on_progress_ || on_progress_()) return {};
    return Fail(ErrorKind::kCancelled, "stopped", directory_);
  }

  // `tell`: its damage. It may be replaced while it is looked at, and is then read again.
  LiveFiles ReadManifest(bool tell) {
    const std::string current = directory_ + "/CURRENT";
    for (int attempt = 0;; ++attempt) {
      constexpr int kAttempts = 5;
      constexpr uint64_t kMostOfCurrent = 4096;
      Result<std::string> read = ReadFile(current, kMostOfCurrent);
      if (!read) {
        if (tell) Damaged(current, std::nullopt, std::nullopt, "cannot be read: " + read.error().message);
        return LiveFiles{};
      }
      std::string name = std::move(*read);
      while (!name.empty() && name.back() == '\n') name.pop_back();
      LiveFiles files;
      files.manifest = directory_ + "/" + name;
      if (!name.starts_with("MANIFEST-") || name.find('/') != std::string::npos) {
        if (tell) Damaged(current, std::nullopt, std::nullopt, "names no manifest of the index");
        return files;
      }
      const Result<std::string> manifest = ReadFile(files.manifest);
      if (!manifest && manifest.error().kind == ErrorKind::kNotFound && attempt < kAttempts) continue;
      if (!manifest) {
        if (tell) Damaged(PosixFileSystem().Exists(files.manifest) ? files.manifest : current, std::nullopt, std::nullopt, name + " cannot be read: " + manifest.error().message);
        return files;
      }
      bool understood = true;
      ForEachLogRecord(*manifest, [&](std::string_view edit) { understood = Apply(edit, files) && understood; },
                       [&](uint64_t offset, uint64_t length, std::string problem) {
                         manifest_damaged_ = true;
                         if (tell) Damaged(files.manifest, offset, length, std::move(problem));
                       });
      if (!understood && tell) Damaged(files.manifest, std::nullopt, std::nullopt, "holds what is no change of the index's files");
      return files;
    }
  }

  Result<void> CheckLog(const std::string& path) {
    const Result<std::string> log = ReadFile(path);
    if (!log) {
      if (PosixFileSystem().Exists(path)) Damaged(path, std::nullopt, std::nullopt, "cannot be read: " + log.error().message);
      return Progress();
    }
    ForEachLogRecord(*log, [](std::string_view) {},
                     [&](uint64_t offset, uint64_t length, std::string problem) { Damaged(path, offset, length, std::move(problem)); });
    return Progress();
  }

  Result<void> CheckTable(uint64_t number, uint64_t bytes) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
    std::string path = directory_ + "/" + digits + ".ldb";
    if (const std::string old = directory_ + "/" + digits + ".sst"; !PosixFileSystem().Exists(path) && PosixFileSystem().Exists(old)) path = old;
    PreadEnv env(leveldb::Env::Default());
    leveldb::RandomAccessFile* opened = nullptr;
    if (const leveldb::Status status = env.NewRandomAccessFile(path, &opened); !status.ok()) {
      // A compaction may have replaced it meanwhile.
      if (status.IsNotFound()) {
        if (manifest_damaged_) return {};  // it may say so of a table that is gone for long
        if (!ReadManifest(false).tables.contains(number)) return {};
      }
      Damaged(path, std::nullopt, std::nullopt, "a file of the index cannot be opened: " + status.ToString());
      return {};
    }
    bool told = false;
    const std::function<void(uint64_t, uint64_t, std::string)> on_damage = [&](uint64_t offset, uint64_t length, std::string problem) {
      told = true;
      Damaged(path, offset, length, std::move(problem));
    };
    const CheckedFile file(std::unique_ptr<leveldb::RandomAccessFile>(opened), bytes, on_damage);
    leveldb::Options options;
    options.env = &env;
    options.paranoid_checks = true;
    const std::unique_ptr<const leveldb::FilterPolicy> filter(NewFilterPolicy());  // else its blocks are not read
    options.filter_policy = filter.get();
    leveldb::Table* table = nullptr;
    leveldb::Status status = leveldb::Table::Open(options, const_cast<CheckedFile*>(&file), bytes, &table);
    const std::unique_ptr<leveldb::Table> owned(table);
    if (status.ok()) {
      leveldb::ReadOptions read;
      read.verify_checksums = true;
      read.fill_cache = false;
      const std::unique_ptr<leveldb::Iterator> entries(table->NewIterator(read));
      constexpr uint64_t kAskEvery = 4096;
      uint64_t count = 0;
      for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
        if (++count % kAskEvery == 0) FZ_TRY(Progress());
      }
      status = entries->status();
    }
    if (!status.ok() && !told) Damaged(path, std::nullopt, std::nullopt, "a file of the index cannot be understood: " + status.ToString());
    return Progress();
  }

  const std::string directory_;
  bool manifest_damaged_ = false;
  const std::function<void(const IndexDamage&)>& on_damage_;
  const std::function<bool()>& on_progress_;
};

}  // namespace

Result<void> CheckIndexFiles(const std::string& directory, const std::function<void(const IndexDamage&)>& on_damage,
                             const std::function<bool()>& on_progress) {
  return Checker(directory, on_damage, on_progress).Run();
}

}  // namespace fangzhi::store
