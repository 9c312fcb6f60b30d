// warc/: ISO 28500:2017 (WARC 1.1), and only that. Records, the writer of archive/warc, and a reader that reports damage and goes on.
//
// One gzip member a record (libdeflate). A file is archive/warc/YYYY/MM/<prefix>-<14 digits>-<serial 5+ digits>.warc.gz; while it is
// written its name ends in ".open". The serial is unique in an archive and is how the index names a file. docs/storage.md has the profile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "base/time.h"

namespace fangzhi::warc {

inline constexpr std::string_view kRevisitIdentical =
    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
inline constexpr std::string_view kRevisitNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

struct NamedField {
  std::string name;
  std::string value;  // UTF-8, one line
};

// One record. The writer makes WARC-Type, WARC-Record-ID, WARC-Date, Content-Length and WARC-Block-Digest from the members; the other
// named fields are in `fields`, in order. Reading puts all of them into `fields`; the writer passes over its own five there, so
// that a record that was read can be written again as it is.
struct Record {
  std::string type;  // in small letters: "response", "request", "revisit", "metadata", "warcinfo", …
  std::string id;    // "urn:uuid:…", without angle brackets
  UtcTime date{};
  std::vector<NamedField> fields;
  std::string block;

  // Value of the first field of that name, without case. In a record that was read also the five above. WARC-Target-URI and
  // WARC-Profile come without the angle brackets that some writers put around them.
  std::optional<std::string_view> Field(std::string_view name) const;
};

// Where a record lies: its file's serial, and its gzip member.
struct Location {
  uint32_t file = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  bool operator==(const Location&) const = default;
};

struct WriterOptions {
  std::string directory;          // archive/warc
  std::string prefix = "fangzhi";
  uint64_t max_bytes = uint64_t{1} << 30;  // a new file is begun above this, between groups only
  int compression = 1;  // libdeflate level 1…12
  std::string warcinfo;           // application/warc-fields block, without WARC-Filename
  FileSystem* files = nullptr;    // default: the real one
  const Clock* clock = nullptr;
};

// Appends records. A field value is written as one line of valid UTF-8 whatever it holds; of a standard field that must not repeat
// the first counts. One writer an archive, one thread. After any failure the writer is broken: every later call fails; the archive
// is recovered by opening it again.
class Writer {
 public:
  // `next_serial` must be larger than any in the directory. The file is created by the first Append.
  static Result<std::unique_ptr<Writer>> Create(WriterOptions options, uint32_t next_serial);
  ~Writer();
  // Begins a new file when the current one is above max_bytes: call it where a group of records that belong together begins.
  Result<void> BeginGroup();
  // Gives the record's place. The file has it after the next Sync at the latest: records are gathered, and what was not synced when the writer goes may
  // never have reached the file.
  Result<Location> Append(const Record& record);
  // Everything appended so far is on the disk when it returns.
  Result<void> Sync();
  // Syncs, closes and gives the file its final name. The writer can go on afterwards with a new file.
  Result<void> Finish();
  // End of what was appended: the next record's place.
  Location position() const;
  uint64_t bytes_written() const;

 private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What was wrong with a file. With `length` 0 nothing was lost: the record was handed on (a wrong digest, missing line breaks).
struct DamageReport {
  std::string file;
  uint64_t offset = 0;
  uint64_t length = 0;  // bytes passed over
  std::string reason;   // "truncated gzip member", "Content-Length 120, block has 97 bytes", "block digest …"
};

struct ReadOptions {
  bool check_digests = false;  // block digest, and payload digest where it can be computed
  std::function<void(const DamageReport&)> on_damage;  // reading goes on at the next member or record
  uint64_t max_record_bytes = uint64_t{1} << 30;
};

// Reads one file from the start (or an offset) to its end: gzip a record, gzip as a whole, or plain; WARC 1.0 and 1.1. Memory: one
// record. Unknown record types and fields are handed on.
class Reader {
 public:
  static Result<std::unique_ptr<Reader>> Open(const std::string& path, ReadOptions options = {}, uint64_t offset = 0);
  ~Reader();
  struct Item {
    Record record;
    uint64_t offset = 0;  // of the gzip member, or of the plain record
    uint64_t length = 0;  // with the line breaks at its end; 0 where the member holds other records too
  };
  // The next whole record, nullopt at the end. Damage is reported and passed over; only an I/O failure is an error.
  Result<std::optional<Item>> Next();
  // Just past the last whole record that was read: where a torn tail begins. In a member of several records, its end.
  uint64_t end_of_whole_records() const;

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One record of the writer's by its place. kCorrupt when the member does not inflate or is no record.
Result<Record> ReadRecord(const std::string& path, uint64_t offset, uint64_t length);

struct WarcFile {
  uint32_t serial = 0;
  std::string path;      // absolute or relative as `directory` is
  bool open = false;     // ends in ".open"
};
// What a file's name says, where it is one that the writer gives ("<prefix>-<14 digits>-<serial>.warc.gz", with ".open" or without); else nullopt.
std::optional<WarcFile> ParseFileName(const std::string& directory, std::string_view name);
// What is known of the path of a file that is not there: "<directory>/*-<serial>.warc.gz".
std::string PathPattern(const std::string& directory, uint32_t serial);
// All files below archive/warc that carry a serial, by serial. Two files of one serial are kCorrupt.
Result<std::vector<WarcFile>> ListFiles(const std::string& directory, FileSystem& files);

// The payload of a record: of an HTTP message the entity body (what follows its head, transfer coding included where the block keeps
// one), of a resource or conversion the block. Revisit, metadata and warcinfo records have none.
std::string_view PayloadOf(const Record& record);

}  // namespace fangzhi::warc
