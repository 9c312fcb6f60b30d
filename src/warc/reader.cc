#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "warc/record_text.h"

namespace fangzhi::warc {
namespace {

constexpr size_t kNpos = std::string_view::npos;
// The part of the file that is held. Refilled when less than wanted is left of it, so that moving its rest costs little.
constexpr size_t kWindowBytes = size_t{2} << 20;
// What must be at hand to try a whole member at once.
constexpr size_t kWholeInputBytes = size_t{64} << 10;
constexpr size_t kFirstOutputBytes = size_t{128} << 10;
constexpr size_t kWholeOutputBytes = size_t{1} << 20;
constexpr size_t kPieceBytes = size_t{64} << 10;
// What a plausible gzip member may need to show that a record begins in it.
constexpr size_t kPeekBytes = 1024;
// Content of a member that is pulled in advance.
constexpr size_t kAheadBytes = size_t{8} << 10;
// Line breaks that are looked at after a record; more are reported as what they are, garbage.
constexpr size_t kMaxBreaks = 64;
// Records that start inside one that failed are tried this often before the search goes on behind the failure: what a hostile
// file can make us read again stays proportional to its size.
constexpr int kMaxRetries = 64;

bool IsGzipMagic(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == '\x1F' && bytes[1] == '\x8B' && bytes[2] == '\x08' && (bytes[3] & '\xE0') == 0;
}

bool IsLineBreak(char c) { return c == '\r' || c == '\n'; }

size_t CountLineBreaks(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsLineBreak(text[count])) ++count;
  return count;
}

std::string NewlineFault(size_t count) {
  if (count == 0) return "record not followed by two CRLF";
  return "record followed by " + std::to_string(count) + " bytes of line breaks instead of two CRLF";
}

std::string LengthFault(uint64_t stated, uint64_t found) {
  return "Content-Length " + std::to_string(stated) + ", block has " + std::to_string(found) + " bytes";
}

// A window that moves over a file.
class Input {
 public:
  Input(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~Input() { ::close(descriptor_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  const std::string& path() const { return path_; }

  // What lies at `offset`: at least `want` bytes, fewer only at the end of the file. Valid until the next call.
  Result<std::string_view> At(uint64_t offset, size_t want) {
    if (offset < begin_ || offset > begin_ + held_) {
      begin_ = offset;
      held_ = 0;
    }
    size_t skip = static_cast<size_t>(offset - begin_);
    if (held_ - skip < want) {
      // A small file needs no large window; one that grows meanwhile gets what is wanted.
      FZ_ASSIGN(const uint64_t size, Size());
      const uint64_t left = size - std::min(size, offset);
      const size_t room = std::max(want, static_cast<size_t>(std::min<uint64_t>(kWindowBytes, left)));
      if (buffer_.size() < room) buffer_.resize(room);
      std::memmove(buffer_.data(), buffer_.data() + skip, held_ - skip);
      held_ -= skip;
      begin_ = offset;
      skip = 0;
      FZ_TRY(Fill(want));
    }
    return std::string_view(buffer_).substr(skip, held_ - skip);
  }

  // Appends `length` bytes at `offset` to `target`, fewer at the end of the file.
  Result<void> Read(uint64_t offset, uint64_t length, std::string* target) {
    while (length > 0) {
      FZ_ASSIGN(const std::string_view bytes, At(offset, 1));
      if (bytes.empty()) return {};
      const size_t piece = static_cast<size_t>(std::min<uint64_t>(bytes.size(), length));
      target->append(bytes.substr(0, piece));
      offset += piece;
      length -= piece;
    }
    return {};
  }

  // A few bytes at `offset`, without moving the window there.
  Result<std::string> Peek(uint64_t offset, size_t count) const {
    if (offset >= begin_ && offset + count <= begin_ + held_) {
      return buffer_.substr(static_cast<size_t>(offset - begin_), count);
    }
    std::string bytes(count, '\0');
    size_t got = 0;
    while (got < count) {
      const ssize_t more = ::pread(descriptor_, bytes.data() + got, count - got, static_cast<off_t>(offset + got));
      if (more < 0 && errno == EINTR) continue;
      if (more < 0) return Fail(ErrnoError("cannot read", path_, errno));
      if (more == 0) break;
      got += static_cast<size_t>(more);
    }
    bytes.resize(got);
    return bytes;
  }

  // The file's size as it is now.
  Result<uint64_t> Size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return Fail(ErrnoError("cannot stat", path_, errno));
    return static_cast<uint64_t>(status.st_size);
  }

 private:
  Result<void> Fill(size_t want) {
    while (held_ < want) {
      const ssize_t got = ::pread(descriptor_, buffer_.data() + held_, buffer_.size() - held_,
                                  static_cast<off_t>(begin_ + held_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Fail(ErrnoError("cannot read", path_, errno));
      if (got == 0) return {};
      held_ += static_cast<size_t>(got);
    }
    return {};
  }

  int descriptor_;
  std::string path_;
  std::string buffer_;
  uint64_t begin_ = 0;
  size_t held_ = 0;
};

// The content of one gzip member: by libdeflate at once where it fits, else by zlib in pieces.
class Member {
 public:
  explicit Member(Input& input) : input_(input) {}
  ~Member() {
    libdeflate_free_decompressor(decompressor_);
    if (stream_ready_) inflateEnd(&stream_);
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  Result<void> Start(uint64_t offset) {
    begin_ = end_ = offset;
    whole_at_ = whole_size_ = 0;
    damage_.clear();
    FZ_ASSIGN(const bool whole, TryWhole());
    ended_ = whole;
    if (whole) return {};
    if (stream_ready_) {
      inflateReset(&stream_);
    } else if (inflateInit2(&stream_, 15 + 16) == Z_OK) {
      stream_ready_ = true;
    } else {
      return Fail(ErrorKind::kInternal, "no memory to inflate", input_.path());
    }
    return {};
  }

  // Appends up to `want` bytes of content to `target`. Fewer mean that the member ended, well or in damage.
  Result<void> Pull(uint64_t want, std::string* target) {
    if (whole_at_ < whole_size_) {
      const size_t piece = static_cast<size_t>(std::min<uint64_t>(want, whole_size_ - whole_at_));
      target->append(whole_, whole_at_, piece);
      whole_at_ += piece;
      want -= piece;
    }
    while (want > 0 && !ended_) {
      const size_t before = target->size();
      const size_t room = static_cast<size_t>(std::min<uint64_t>(want, kPieceBytes));
      target->resize(before + room);
      auto produced = InflatePiece(target->data() + before, room);
      target->resize(before + (produced ? *produced : 0));
      FZ_TRY(std::move(produced));
      want -= target->size() - before;
    }
    return {};
  }

  bool ended() const { return ended_ && whole_at_ == whole_size_; }
  const std::string& damage() const { return damage_; }  // empty when the member is whole, or not read to its end yet
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }  // how far the file was read; once ended, where the member ends

  // True when `bytes` start a member whose content starts with a record.
  bool HoldsRecord(std::string_view bytes) {
    char start[8];
    z_stream stream{};
    if (!IsGzipMagic(bytes) || inflateInit2(&stream, 15 + 16) != Z_OK) return false;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(start);
    stream.avail_out = sizeof start;
    inflate(&stream, Z_SYNC_FLUSH);
    const size_t produced = sizeof start - stream.avail_out;
    inflateEnd(&stream);
    return StartsLikeRecord(std::string_view(start, produced));
  }

 private:
  Result<bool> TryWhole() {
    if (decompressor_ == nullptr) decompressor_ = libdeflate_alloc_decompressor();
    if (decompressor_ == nullptr) return false;
    if (whole_.empty()) whole_.resize(kFirstOutputBytes);
    size_t want = kWholeInputBytes;
    while (true) {
      FZ_ASSIGN(const std::string_view bytes, input_.At(begin_, want));
      size_t consumed = 0, produced = 0;
      const libdeflate_result result = libdeflate_gzip_decompress_ex(decompressor_, bytes.data(), bytes.size(), whole_.data(),
                                                                     whole_.size(), &consumed, &produced);
      if (result == LIBDEFLATE_SUCCESS) {
        whole_size_ = produced;
        end_ = begin_ + consumed;
        return true;
      }
      if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
        if (whole_.size() >= kWholeOutputBytes) return false;
        whole_.resize(kWholeOutputBytes);
        continue;
      }
      // Damaged, or it goes on behind what is at hand.
      FZ_ASSIGN(const uint64_t size, input_.Size());
      if (result != LIBDEFLATE_BAD_DATA || want == kWindowBytes || begin_ + bytes.size() >= size) return false;
      want = kWindowBytes;
    }
  }

  Result<size_t> InflatePiece(char* out, size_t room) {
    FZ_ASSIGN(const std::string_view bytes, input_.At(end_, 1));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    end_ += bytes.size() - stream_.avail_in;
    if (code == Z_STREAM_END) {
      ended_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      ended_ = true;
      damage_ = std::string("gzip: ") + (stream_.msg != nullptr ? stream_.msg : "data error");
    } else if (bytes.empty() && stream_.avail_out > 0) {
      ended_ = true;
      damage_ = "truncated gzip member";
    }
    return room - stream_.avail_out;
  }

  Input& input_;
  libdeflate_decompressor* decompressor_ = nullptr;
  z_stream stream_{};
  bool stream_ready_ = false;
  uint64_t begin_ = 0, end_ = 0;
  bool ended_ = true;
  std::string damage_;
  std::string whole_;  // a buffer; its first whole_size_ bytes are the content
  size_t whole_at_ = 0, whole_size_ = 0;
};

}  // namespace

struct Reader::Impl {
  Impl(int descriptor, const std::string& path, ReadOptions read_options, uint64_t offset)
      : input(descriptor, path), member(input), options(std::move(read_options)), position(offset), whole_end(offset) {}

  Input input;
  Member member;
  ReadOptions options;
  uint64_t position;   // where the next member or plain record begins
  uint64_t whole_end;  // just past the last whole record
  bool in_member = false;
  size_t records_in_member = 0;
  bool shared_member_reported = false;
  std::string ahead;  // content of the member that was pulled but not used yet
  size_t ahead_at = 0;
  uint64_t handed_on_end = 0;  // how far the member was read when a record of it was last handed on
  uint64_t failure_end = 0;  // how far a failed record or member was read
  int retries = 0;

  void Report(uint64_t offset, uint64_t length, std::string reason) const {
    if (options.on_damage) options.on_damage({input.path(), offset, length, std::move(reason)});
  }
  void ReportFaults(const Record& record, std::vector<std::string> faults, uint64_t offset) const {
    if (!options.on_damage) return;
    if (options.check_digests) {
      for (std::string& fault : DigestFaults(record)) faults.push_back(std::move(fault));
    }
    for (std::string& fault : faults) Report(offset, 0, std::move(fault));
  }

  Result<std::optional<Item>> Next();
  Result<std::optional<Item>> NextPlain();
  Result<std::optional<Item>> NextOfMember();
  Result<bool> SeekRecordInMember();
  Result<std::string_view> Ahead(size_t want);
  Result<void> SkipContent(uint64_t count);
  Result<void> FailMember(std::string reason);
  Result<void> EndMember();
  bool HoldsRecordStart(std::string_view header);
  Result<uint64_t> FindPlainRecord(uint64_t from, uint64_t to);
  uint64_t InsideFailure(uint64_t begin, uint64_t end);
  Result<uint64_t> FindRecord(uint64_t from, uint64_t plain_from);
  Result<void> Resynchronise(uint64_t damage_begin, uint64_t search_from, std::string reason);
};

// True when another record, plain or compressed, begins inside what was taken for one header: a header that lost its end.
bool Reader::Impl::HoldsRecordStart(std::string_view header) {
  for (size_t i = 1; i < header.size(); ++i) {
    if (header[i - 1] == '\n' && StartsLikeRecord(header.substr(i))) return true;
    if (header[i] == '\x1F' && member.HoldsRecord(header.substr(i, kPeekBytes))) return true;
  }
  return false;
}

// Where the first line at or after `from` starts like a record; `to` when none does before.
Result<uint64_t> Reader::Impl::FindPlainRecord(uint64_t from, uint64_t to) {
  char before = '\n';
  while (from < to) {
    FZ_ASSIGN(const std::string_view bytes, input.At(from, 16));
    if (bytes.empty()) return to;
    const size_t margin = bytes.size() < 16 ? 0 : 8;
    size_t i = 0;
    for (; i + margin < bytes.size() && from + i < to; ++i) {
      if (before == '\n' && StartsLikeRecord(bytes.substr(i, 8))) return from + i;
      before = bytes[i];
    }
    from += i;
  }
  return to;
}

// Where the search goes on after what began at `begin` failed and was read up to `end`: inside it, since what lost its own end may
// have been read across whole records. Behind it once that was tried often.
uint64_t Reader::Impl::InsideFailure(uint64_t begin, uint64_t end) {
  uint64_t from = begin + 1;
  if (begin < failure_end) {
    if (++retries > kMaxRetries) from = std::max(from, failure_end);
  } else {
    retries = 0;
  }
  failure_end = std::max(failure_end, end);
  return from;
}

// The next place at or after `from` where a record can begin, one that is not compressed only at or after `plain_from`; the file's end where there is none.
Result<uint64_t> Reader::Impl::FindRecord(uint64_t from, uint64_t plain_from) {
  uint64_t at = from;
  char before = '\n';
  while (true) {
    FZ_ASSIGN(const std::string_view bytes, input.At(at, kPieceBytes));
    if (bytes.empty()) return at;
    // Near the end of what is held a candidate cannot be judged, unless the file ends there.
    const size_t margin = bytes.size() >= kPieceBytes ? kPeekBytes : 0;
    size_t i = 0;
    for (; i + margin < bytes.size(); ++i) {
      const char c = bytes[i];
      if (before == '\n' && at + i >= plain_from && StartsLikeRecord(bytes.substr(i, 8))) return at + i;
      if (c == '\x1F' && member.HoldsRecord(bytes.substr(i, kPeekBytes))) return at + i;
      before = c;
    }
    at += i;
  }
}

// Goes on at the next place at or after `search_from` where a record can begin, and reports what was passed over.
Result<void> Reader::Impl::Resynchronise(uint64_t damage_begin, uint64_t search_from, std::string reason) {
  FZ_ASSIGN(position, FindRecord(search_from, search_from));
  in_member = false;
  Report(damage_begin, position - damage_begin, std::move(reason));
  return {};
}

// At least `want` bytes of the member's content, fewer at its end.
Result<std::string_view> Reader::Impl::Ahead(size_t want) {
  if (ahead.size() - ahead_at < want) {
    ahead.erase(0, ahead_at);
    ahead_at = 0;
    FZ_TRY(member.Pull(std::max(want, kAheadBytes) - ahead.size(), &ahead));
  }
  return std::string_view(ahead).substr(ahead_at);
}

Result<void> Reader::Impl::SkipContent(uint64_t count) {
  while (count > 0) {
    FZ_ASSIGN(const std::string_view bytes, Ahead(static_cast<size_t>(std::min<uint64_t>(count, kAheadBytes))));
    if (bytes.empty()) return {};
    const size_t piece = static_cast<size_t>(std::min<uint64_t>(count, bytes.size()));
    ahead_at += piece;
    count -= piece;
  }
  return {};
}

// The member is damaged: what lies behind its begin is searched for another one, since a torn write may have been followed by whole ones, and what lost
// its end is read on through them.
Result<void> Reader::Impl::FailMember(std::string reason) {
  // What came before the damage in a member of many records was handed on, and may lie open in it.
  const uint64_t begin = records_in_member > 0 ? handed_on_end : member.begin();
  FZ_ASSIGN(position, FindRecord(InsideFailure(member.begin(), member.end()), begin));
  in_member = false;
  if (position < begin) Report(member.begin(), 0, std::move(reason));
  else Report(begin, position - begin, std::move(reason));
  return {};
}

Result<void> Reader::Impl::EndMember() {
  in_member = false;
  position = member.end();
  return {};
}

// Skips to the next record inside the member. False when the member ends before one.
Result<bool> Reader::Impl::SeekRecordInMember() {
  char before = '\n';
  while (true) {
    FZ_ASSIGN(const std::string_view bytes, Ahead(16));
    if (bytes.empty()) return false;
    const size_t margin = bytes.size() < 16 ? 0 : 8;
    size_t i = 0;
    for (; i + margin < bytes.size(); ++i) {
      if (before == '\n' && StartsLikeRecord(bytes.substr(i, 8))) {
        ahead_at += i;
        return true;
      }
      before = bytes[i];
    }
    ahead_at += i;
  }
}

// One record of the member that is being read; nullopt when there was none: then the state has moved on.
Result<std::optional<Reader::Item>> Reader::Impl::NextOfMember() {
  const std::optional<Item> none;
  Item item;
  item.offset = member.begin();

  FZ_ASSIGN(std::string_view text, Ahead(4096));
  if (text.empty()) {
    if (!member.damage().empty()) {
      FZ_TRY(FailMember(member.damage()));
    } else {
      FZ_TRY(EndMember());
      if (records_in_member == 0) Report(member.begin(), member.end() - member.begin(), "gzip member without a record");
    }
    return none;
  }
  if (!StartsLikeRecord(text)) {
    FZ_ASSIGN(const bool found, SeekRecordInMember());
    if (!member.damage().empty() && !found) {
      FZ_TRY(FailMember(member.damage()));
    } else {
      const uint64_t length = found || records_in_member > 0 ? 0 : member.end() - member.begin();
      if (!found) FZ_TRY(EndMember());
      Report(member.begin(), length, "gzip member holds what is no WARC record");
    }
    return none;
  }

  size_t header_length = HeaderLength(text);
  while (header_length == kNpos && text.size() < kMaxHeaderBytes) {
    const size_t before = text.size();
    FZ_ASSIGN(text, Ahead(std::min(before * 2, kMaxHeaderBytes)));
    header_length = HeaderLength(text);
    if (text.size() == before) break;
  }
  // Not a header: go on at the next one in the same member.
  const auto pass_over = [&](size_t skip, std::string reason) -> Result<std::optional<Item>> {
    ahead_at += skip;
    FZ_ASSIGN(const bool found, SeekRecordInMember());
    if (!found && !member.damage().empty()) {
      FZ_TRY(FailMember(member.damage()));
      return none;
    }
    const uint64_t length = found || records_in_member > 0 ? 0 : member.end() - member.begin();
    if (!found) FZ_TRY(EndMember());
    Report(member.begin(), length, std::move(reason));
    return none;
  };
  if (header_length == kNpos) {
    if (!member.damage().empty()) {
      FZ_TRY(FailMember(member.damage()));
      return none;
    }
    // Half of what was searched: searching again from each line of it would be quadratic.
    return pass_over(text.size() < kMaxHeaderBytes ? text.size() : kMaxHeaderBytes / 2, "WARC header without an end");
  }
  auto parsed = ParseHeader(text.substr(0, header_length));
  if (!parsed) return pass_over(header_length, parsed.error().message);
  const uint64_t length = parsed->content_length;
  item.record = std::move(parsed->record);
  std::vector<std::string> faults = std::move(parsed->faults);
  ahead_at += header_length;

  if (length > options.max_record_bytes) {
    FZ_TRY(SkipContent(length));
    if (!member.damage().empty()) {
      FZ_TRY(FailMember(member.damage()));
      return none;
    }
    Report(member.begin(), 0, "record of " + std::to_string(length) + " bytes is larger than the limit");
  } else {
    std::string& block = item.record.block;
    const size_t at_hand = static_cast<size_t>(std::min<uint64_t>(ahead.size() - ahead_at, length));
    block.reserve(static_cast<size_t>(std::min<uint64_t>(length, kWholeOutputBytes)));
    block.assign(ahead, ahead_at, at_hand);
    ahead_at += at_hand;
    FZ_TRY(member.Pull(length - block.size(), &block));
    if (block.size() < length) {
      const uint64_t found = block.size();
      if (!member.damage().empty()) {
        FZ_TRY(FailMember(member.damage()));
      } else {
        FZ_TRY(EndMember());
        Report(member.begin(), records_in_member > 0 ? 0 : member.end() - member.begin(), LengthFault(length, found));
      }
      return none;
    }
  }

  // The line breaks after the block, and one byte more: is this the member's last record, and is the member whole?
  size_t breaks = 0;
  bool counting = true;
  bool standard_breaks = false;
  while (counting) {
    FZ_ASSIGN(const std::string_view rest, Ahead(5));
    if (breaks == 0) standard_breaks = rest.substr(0, 4) == "\r\n\r\n";
    const size_t count = CountLineBreaks(rest);
    counting = count == rest.size() && count > 0;
    breaks += count;
    ahead_at += count;
  }
  bool last = member.ended() && ahead_at == ahead.size();
  if (!last) {
    FZ_ASSIGN(const std::string_view rest, Ahead(8));
    if (!StartsLikeRecord(rest)) {
      // Garbage: either somebody wrote it, or the member is damaged and so is perhaps what was just read. Its end tells.
      FZ_ASSIGN(const bool found, SeekRecordInMember());
      last = !found;
      if (member.damage().empty()) faults.push_back("gzip member holds what is no WARC record");
    }
  }
  if (last && !member.damage().empty()) {
    FZ_TRY(FailMember(member.damage()));
    return none;
  }
  const bool alone = last && records_in_member == 0;
  if (!alone && !shared_member_reported) {
    Report(member.begin(), 0, "gzip member holds more than one record");
    shared_member_reported = true;
  }
  ++records_in_member;
  handed_on_end = member.end();
  if (last) {
    FZ_TRY(EndMember());
    whole_end = member.end();
    if (alone) item.length = member.end() - member.begin();
  }
  if (length > options.max_record_bytes) return none;
  if (breaks != 4 || !standard_breaks) faults.push_back(NewlineFault(breaks));
  ReportFaults(item.record, std::move(faults), item.offset);
  return std::optional<Item>(std::move(item));
}

// The record that begins at `position` in a file, or a part of one, that is not compressed.
Result<std::optional<Reader::Item>> Reader::Impl::NextPlain() {
  const std::optional<Item> none;
  const uint64_t begin = position;
  size_t header_length = kNpos;
  std::string_view text;
  for (size_t want = 4096; header_length == kNpos && want <= kMaxHeaderBytes; want *= 4) {
    FZ_ASSIGN(text, input.At(begin, want));
    header_length = HeaderLength(text.substr(0, kMaxHeaderBytes));
    if (text.size() < want) break;
  }
  if (header_length == kNpos) {
    // Half of what was searched: searching again from each line of it would be quadratic.
    const size_t skip = text.size() < kMaxHeaderBytes ? text.size() : kMaxHeaderBytes / 2;
    FZ_TRY(Resynchronise(begin, InsideFailure(begin, begin + skip), "WARC header without an end"));
    return none;
  }
  const uint64_t block_begin = begin + header_length;
  if (HoldsRecordStart(text.substr(0, header_length))) {
    FZ_TRY(Resynchronise(begin, InsideFailure(begin, block_begin), "WARC header without an end"));
    return none;
  }
  auto parsed = ParseHeader(text.substr(0, header_length));
  if (!parsed) {
    FZ_TRY(Resynchronise(begin, InsideFailure(begin, block_begin), parsed.error().message));
    return none;
  }
  Item item;
  item.offset = begin;
  item.record = std::move(parsed->record);
  std::vector<std::string> faults = std::move(parsed->faults);
  uint64_t length = parsed->content_length;
  FZ_ASSIGN(const uint64_t size, input.Size());
  if (length > size - std::min(size, block_begin)) {
    // A wrong length must not cost the records that follow: the search begins inside this one.
    const uint64_t found = size - std::min(size, block_begin);
    FZ_TRY(Resynchronise(begin, block_begin, LengthFault(length, found) + " to the end of the file"));
    return none;
  }

  uint64_t end = block_begin + length;
  FZ_ASSIGN(const std::string rest, input.Peek(end, kMaxBreaks + 8));
  size_t breaks = CountLineBreaks(rest);
  bool standard_breaks = breaks == 4 && rest.substr(0, 4) == "\r\n\r\n";
  const std::string_view next = std::string_view(rest).substr(breaks);
  end += breaks;
  if (!next.empty() && !StartsLikeRecord(next) && !IsGzipMagic(next)) {
    // The length is wrong, one way or the other. If a record begins inside the block, the block ends before it.
    FZ_ASSIGN(const uint64_t inner, FindPlainRecord(block_begin, block_begin + length));
    if (inner < block_begin + length) {
      end = inner;
      const uint64_t from = std::max(block_begin, inner - std::min<uint64_t>(inner, 4));
      FZ_ASSIGN(const std::string before, input.Peek(from, static_cast<size_t>(inner - from)));
      breaks = 0;
      while (breaks < before.size() && IsLineBreak(before[before.size() - 1 - breaks])) ++breaks;
      standard_breaks = before == "\r\n\r\n";
      faults.push_back(LengthFault(length, inner - breaks - block_begin));
      length = inner - breaks - block_begin;
    }
  }
  position = end;
  if (length > options.max_record_bytes) {
    Report(begin, end - begin, "record of " + std::to_string(length) + " bytes is larger than the limit");
    return none;
  }
  item.record.block.reserve(static_cast<size_t>(length));
  FZ_TRY(input.Read(block_begin, length, &item.record.block));
  if (!standard_breaks) faults.push_back(NewlineFault(breaks));
  whole_end = end;
  item.length = end - begin;
  ReportFaults(item.record, std::move(faults), begin);
  return std::optional<Item>(std::move(item));
}

Result<std::optional<Reader::Item>> Reader::Impl::Next() {
  while (true) {
    std::optional<Item> item;
    if (in_member) {
      FZ_ASSIGN(item, NextOfMember());
    } else {
      FZ_ASSIGN(const std::string_view bytes, input.At(position, 8));
      if (bytes.empty()) return std::optional<Item>();
      if (IsGzipMagic(bytes)) {
        FZ_TRY(member.Start(position));
        in_member = true;
        records_in_member = 0;
        ahead.clear();
        ahead_at = 0;
      } else if (StartsLikeRecord(bytes)) {
        FZ_ASSIGN(item, NextPlain());
      } else {
        FZ_TRY(Resynchronise(position, position + 1, "neither a gzip member nor a WARC record"));
      }
    }
    if (item) return item;
  }
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::Open(const std::string& path, ReadOptions options, uint64_t offset) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Fail(ErrnoError("cannot open", path, errno));
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(descriptor, path, std::move(options), offset)));
}

Result<std::optional<Reader::Item>> Reader::Next() { return impl_->Next(); }
uint64_t Reader::end_of_whole_records() const { return impl_->whole_end; }

}  // namespace fangzhi::warc
