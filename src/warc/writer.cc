#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/strings.h"
#include "warc/record_text.h"

namespace fangzhi::warc {
namespace {

constexpr std::string_view kSuffix = ".warc.gz";
constexpr std::string_view kOpenSuffix = ".open";
// libdeflate is twice as fast as zlib, but wants the whole record in one piece and room for the whole member. A block above this goes through zlib in
// pieces, so that a body of hundreds of megabytes is in memory once.
constexpr size_t kMostInOnePiece = size_t{8} << 20;
// Members are gathered until they are so many bytes: a group's records reach the file in a few writes instead of one or more each.
constexpr size_t kMostGathered = size_t{256} << 10;
// File and directory names: letters that mean nothing to a shell or a path.
bool IsPlainName(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.';
  });
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

std::string SerialDigits(uint32_t serial) {
  std::string number = std::to_string(serial);
  if (number.size() < 5) number.insert(0, 5 - number.size(), '0');
  return number;
}

// "2026", "11": the directories by year and month.
bool IsDateDirectory(std::string_view name) {
  return (name.size() == 4 || name.size() == 2) &&
         std::all_of(name.begin(), name.end(), [](char c) { return IsAsciiDigit(c); });
}

}  // namespace

struct Writer::Impl {
  WriterOptions options;
  SystemClock system_clock;
  FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;
  uint32_t serial = 0;  // of the open file, else of the next one
  std::unique_ptr<AppendFile> file;
  std::string final_path;
  uint64_t offset = 0;  // in the open file, with what is gathered for it
  uint64_t bytes_written = 0;
  bool unsynced = false;
  std::optional<Error> broken;
  // Re-used from record to record.
  std::string text, members;
  size_t gathered = 0;  // of `members`, what the file does not have yet

  Result<void> CheckUsable() const {
    if (!broken) return {};
    return Fail(broken->kind, "the WARC writer failed before: " + broken->message, broken->subject);
  }
  // Remembers a failure: what lies in the file after it is unknown.
  template <class T>
  Result<T> Remember(Result<T> result) {
    if (!result && !broken) broken = result.error();
    return result;
  }

  Result<uint64_t> Write(const Record& record);
  Result<uint64_t> WriteInPieces(const Record& record);
  Result<void> HandOver();
  Result<void> OpenFile();
  Result<void> Finish();
  Result<void> Sync();
};

// Header and block go into one buffer, once, and from there through the compressor.
Result<uint64_t> Writer::Impl::Write(const Record& record) {
  if (record.block.size() > kMostInOnePiece) return WriteInPieces(record);
  text.clear();
  text.reserve(record.block.size() + 1024);
  FZ_TRY(AppendHeader(record, text));
  text.append(record.block).append("\r\n\r\n");
  const size_t bound = libdeflate_gzip_compress_bound(compressor.get(), text.size());
  if (members.size() < gathered + bound) members.resize(gathered + bound);
  const size_t size =
      libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), members.data() + gathered, members.size() - gathered);
  if (size == 0) return Fail(ErrorKind::kInternal, "cannot compress a record", final_path);
  unsynced = true;
  gathered += size;
  offset += size;
  bytes_written += size;
  if (gathered >= kMostGathered) FZ_TRY(HandOver());
  return static_cast<uint64_t>(size);
}

Result<void> Writer::Impl::HandOver() {
  const size_t size = std::exchange(gathered, 0);
  return size == 0 ? Result<void>() : file->Append(std::string_view(members).substr(0, size));
}

Result<uint64_t> Writer::Impl::WriteInPieces(const Record& record) {
  FZ_TRY(HandOver());
  text.clear();
  FZ_TRY(AppendHeader(record, text));
  z_stream stream{};
  constexpr int kGzip = 16;
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return Fail(ErrorKind::kInternal, "cannot compress a record", final_path);
  }
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> ends(&stream, &deflateEnd);
  unsynced = true;
  constexpr size_t kPiece = size_t{256} << 10;
  members.resize(std::max(members.size(), kPiece));
  uint64_t size = 0;
  const std::array<std::string_view, 3> parts = {text, record.block, "\r\n\r\n"};
  for (size_t part = 0; part < parts.size(); ++part) {
    for (size_t at = 0; at < parts[part].size(); at += kPiece) {
      const std::string_view piece = parts[part].substr(at, kPiece);
      const bool last = part + 1 == parts.size() && at + piece.size() == parts[part].size();
      stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));  // zlib does not write there
      stream.avail_in = static_cast<uInt>(piece.size());
      do {
        stream.next_out = reinterpret_cast<Bytef*>(members.data());
        stream.avail_out = static_cast<uInt>(kPiece);
        if (deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) return Fail(ErrorKind::kInternal, "cannot compress a record", final_path);
        const size_t made = kPiece - stream.avail_out;
        if (made != 0) FZ_TRY(file->Append(std::string_view(members).substr(0, made)));
        size += made;
      } while (stream.avail_out == 0);
    }
  }
  offset += size;
  bytes_written += size;
  return size;
}

Result<void> Writer::Impl::OpenFile() {
  const UtcTime now = clock->Now();
  const std::string digits = FormatFourteenDigits(now);
  const std::string name = options.prefix + "-" + digits + "-" + SerialDigits(serial) + std::string(kSuffix);
  const std::string year = options.directory + "/" + digits.substr(0, 4);
  const std::string month = year + "/" + digits.substr(4, 2);
  // One by one: between any two of them a crash may come, which the fault tests try.
  for (const std::string& directory : {options.directory, year, month}) FZ_TRY(files->CreateDirectories(directory));
  final_path = month + "/" + name;
  const std::string open_path = final_path + std::string(kOpenSuffix);
  if (files->Exists(final_path) || files->Exists(open_path)) {
    return Fail(ErrorKind::kConflict, "file exists already", final_path);
  }
  FZ_ASSIGN(file, files->OpenAppend(open_path));
  offset = 0;
  FZ_TRY(files->SyncDirectory(month));

  Record info;
  info.type = "warcinfo";
  info.id = NewUuidUrn();
  info.date = now;
  info.fields = {{"WARC-Filename", name}, {"Content-Type", "application/warc-fields"}};
  info.block = options.warcinfo;
  auto written = Write(info);
  FZ_TRY(std::move(written));
  return {};
}

Result<void> Writer::Impl::Sync() {
  if (!file || !unsynced) return {};
  FZ_TRY(HandOver());
  FZ_TRY(file->Sync());
  unsynced = false;
  return {};
}

Result<void> Writer::Impl::Finish() {
  if (!file) return {};
  FZ_TRY(Sync());
  file.reset();
  if (files->Exists(final_path)) return Fail(ErrorKind::kConflict, "file exists already", final_path);
  FZ_TRY(files->Rename(final_path + std::string(kOpenSuffix), final_path));
  ++serial;
  offset = 0;
  return {};
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::~Writer() = default;

Result<std::unique_ptr<Writer>> Writer::Create(WriterOptions options, uint32_t next_serial) {
  if (!IsPlainName(options.prefix)) {
    return Fail(ErrorKind::kInvalidInput, "not usable in a file name", options.prefix);
  }
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  impl->files = impl->options.files != nullptr ? impl->options.files : &PosixFileSystem();
  impl->clock = impl->options.clock != nullptr ? impl->options.clock : &impl->system_clock;
  impl->serial = next_serial;
  impl->compressor.reset(libdeflate_alloc_compressor(std::clamp(impl->options.compression, 1, 12)));
  if (impl->compressor == nullptr) return Fail(ErrorKind::kInternal, "no memory for a compressor");
  return std::unique_ptr<Writer>(new Writer(std::move(impl)));
}

Result<void> Writer::BeginGroup() {
  FZ_TRY(impl_->CheckUsable());
  if (!impl_->file || impl_->offset <= impl_->options.max_bytes) return {};
  return impl_->Remember(impl_->Finish());
}

Result<Location> Writer::Append(const Record& record) {
  FZ_TRY(impl_->CheckUsable());
  if (!impl_->file) {
    auto opened = impl_->Remember(impl_->OpenFile());
    FZ_TRY(std::move(opened));
  }
  const uint64_t offset = impl_->offset;
  auto size = impl_->Remember(impl_->Write(record));
  if (!size) return Fail(std::move(size.error()));
  return Location{impl_->serial, offset, *size};
}

Result<void> Writer::Sync() {
  FZ_TRY(impl_->CheckUsable());
  return impl_->Remember(impl_->Sync());
}

Result<void> Writer::Finish() {
  FZ_TRY(impl_->CheckUsable());
  return impl_->Remember(impl_->Finish());
}

Location Writer::position() const { return {impl_->serial, impl_->offset, 0}; }
uint64_t Writer::bytes_written() const { return impl_->bytes_written; }

std::optional<WarcFile> ParseFileName(const std::string& directory, std::string_view name) {
  WarcFile file;
  file.path = directory + "/" + std::string(name);
  if (name.size() > kOpenSuffix.size() && name.substr(name.size() - kOpenSuffix.size()) == kOpenSuffix) {
    file.open = true;
    name.remove_suffix(kOpenSuffix.size());
  }
  if (name.size() <= kSuffix.size() || name.substr(name.size() - kSuffix.size()) != kSuffix) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash < 16 || name[dash - 15] != '-') return std::nullopt;
  if (!ParseUint(name.substr(dash - 14, 14)) || name.size() - dash - 1 < 5) return std::nullopt;
  const auto serial = ParseUint(name.substr(dash + 1));
  if (!serial || *serial > UINT32_MAX) return std::nullopt;
  file.serial = static_cast<uint32_t>(*serial);
  return file;
}

std::string PathPattern(const std::string& directory, uint32_t serial) {
  return directory + "/*-" + SerialDigits(serial) + std::string(kSuffix);
}

Result<std::vector<WarcFile>> ListFiles(const std::string& directory, FileSystem& files) {
  std::vector<WarcFile> found;
  // archive/warc, its years, their months.
  std::vector<std::string> level = {directory};
  for (int depth = 0; depth < 3; ++depth) {
    std::vector<std::string> next;
    for (const std::string& path : level) {
      auto names = files.List(path);
      if (!names) {
        if (names.error().kind == ErrorKind::kNotFound || !files.Exists(path)) continue;
        return Fail(std::move(names.error()));
      }
      for (const std::string& name : *names) {
        if (auto file = ParseFileName(path, name)) found.push_back(std::move(*file));
        else if (IsDateDirectory(name)) next.push_back(path + "/" + name);
      }
    }
    level = std::move(next);
  }
  std::sort(found.begin(), found.end(), [](const WarcFile& a, const WarcFile& b) { return a.serial < b.serial; });
  const auto twice = std::adjacent_find(found.begin(), found.end(),
                                        [](const WarcFile& a, const WarcFile& b) { return a.serial == b.serial; });
  if (twice != found.end()) {
    return Fail(ErrorKind::kCorrupt, "has the same serial as " + (twice + 1)->path, twice->path);
  }
  return found;
}

}  // namespace fangzhi::warc
