// Content codings (RFC 9110, 8.4): gzip, deflate, br. A whole body goes through libdeflate; what that cannot do (damaged, cut off,
// larger than guessed) goes through zlib, which keeps what it could decode.
#include <brotli/decode.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

#include "base/strings.h"
#include "http/http.h"

namespace fangzhi::http {
namespace {

enum class Format { kGzip, kZlib, kRaw };

// More codings than this in a row is an attack, not a server.
constexpr size_t kMaxCodings = 5;
// Above this zlib decodes, which allocates as it goes: the size that a gzip trailer states can be a lie.
constexpr uint64_t kMaxWholeBytes = uint64_t{16} << 20;
// The trailer at the end says nothing of the members before it.
constexpr uint64_t kFurtherMemberBytes = 4096;
// Deflate expands a byte to at most 1032.
constexpr uint64_t kMaxDeflateRatio = 1032;

struct Step {
  size_t consumed = 0;
  bool complete = false;
  bool damaged = false;  // as opposed to cut off or too large
  std::string problem;   // without the coding's name
};

std::string TooLarge(uint64_t limit) { return "larger than " + HumanBytes(limit); }

bool IsGzip(std::string_view bytes) {
  return bytes.size() >= 2 ? bytes[0] == '\x1F' && bytes[1] == '\x8B' : bytes == std::string_view("\x1F");
}

bool IsZlibHeader(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned cmf = static_cast<unsigned char>(bytes[0]), flags = static_cast<unsigned char>(bytes[1]);
  return (cmf & 15) == 8 && (cmf >> 4) <= 7 && (cmf << 8 | flags) % 31 == 0 && (flags & 32) == 0;
}

// No byte that WHATWG MIME Sniffing calls a binary data byte near the start. Compressed data has one in every ten bytes.
bool LooksLikeText(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 512);
  return std::none_of(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 8 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) || (byte >= 0x1C && byte <= 0x1F);
  });
}

// Formats that are sent with a wrong Content-Encoding label, by their first bytes.
bool HasOtherMagic(std::string_view bytes) {
  static constexpr std::string_view kMagic[] = {"%PDF-", "PK\x03\x04", "\x89PNG", "\xFF\xD8\xFF", "GIF8",
                                                "\xD0\xCF\x11\xE0", "Rar!", "7z\xBC\xAF", "RIFF"};
  return std::any_of(std::begin(kMagic), std::end(kMagic),
                     [&](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; });
}

// One gzip member, zlib stream or raw stream by libdeflate, into a buffer of `guess` bytes. False when it does not fit or is damaged.
bool InflateWhole(std::string_view bytes, Format format, uint64_t guess, std::string* out, Step* step) {
  thread_local const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (decompressor == nullptr) return false;
  const size_t before = out->size();
  out->resize(before + guess);
  size_t consumed = 0, produced = 0;
  const auto inflate_function = format == Format::kGzip   ? &libdeflate_gzip_decompress_ex
                                : format == Format::kZlib ? &libdeflate_zlib_decompress_ex
                                                          : &libdeflate_deflate_decompress_ex;
  const libdeflate_result result = inflate_function(decompressor.get(), bytes.data(), bytes.size(), out->data() + before,
                                                    guess, &consumed, &produced);
  out->resize(before + (result == LIBDEFLATE_SUCCESS ? produced : 0));
  if (result != LIBDEFLATE_SUCCESS) return false;
  step->consumed = consumed;
  step->complete = true;
  return true;
}

// The same by zlib, piece by piece: stops at damage, at the end of the input or at `limit` bytes and keeps what there is.
Step InflateInPieces(std::string_view bytes, Format format, uint64_t limit, std::string* out) {
  Step step;
  z_stream stream{};
  const int window = format == Format::kGzip ? 15 + 16 : format == Format::kZlib ? 15 : -15;
  if (inflateInit2(&stream, window) != Z_OK) {
    step.problem = "no memory to decode";
    return step;
  }
  // Small at first: a body may be a hundred thousand members of nothing.
  constexpr size_t kFirstPiece = size_t{16} << 10, kLargestPiece = size_t{256} << 10;
  size_t piece = kFirstPiece;
  int code = Z_OK;
  while (true) {
    // zlib counts in 32 bits.
    const size_t input = std::min(bytes.size() - step.consumed, size_t{1} << 30);
    const size_t before = out->size();
    if (before >= limit) {
      // One byte more tells "exactly the limit" from "more".
      unsigned char extra = 0;
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + step.consumed));
      stream.avail_in = static_cast<uInt>(input);
      stream.next_out = &extra;
      stream.avail_out = 1;
      code = inflate(&stream, Z_NO_FLUSH);
      step.consumed += input - stream.avail_in;
      if (stream.avail_out == 0) {
        step.problem = TooLarge(limit);
        break;
      }
    } else {
      const size_t room = static_cast<size_t>(std::min<uint64_t>(piece, limit - before));
      piece = std::min(piece * 2, kLargestPiece);
      out->resize(before + room);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + step.consumed));
      stream.avail_in = static_cast<uInt>(input);
      stream.next_out = reinterpret_cast<Bytef*>(out->data() + before);
      stream.avail_out = static_cast<uInt>(room);
      code = inflate(&stream, Z_NO_FLUSH);
      out->resize(before + room - stream.avail_out);
      step.consumed += input - stream.avail_in;
    }
    if (code == Z_STREAM_END) {
      step.complete = true;
      break;
    }
    if (code == Z_BUF_ERROR || (code == Z_OK && step.consumed == bytes.size() && stream.avail_out > 0)) {
      step.problem = "cut off after " + std::to_string(bytes.size()) + " bytes";
      break;
    }
    if (code != Z_OK) {
      step.damaged = true;
      step.problem = std::string(stream.msg != nullptr ? stream.msg : "data error") + " at byte " +
                     std::to_string(step.consumed);
      break;
    }
  }
  inflateEnd(&stream);
  return step;
}

// `first`: not behind another member of the same body, so that the body's last bytes may tell its size.
Step Inflate(std::string_view bytes, Format format, uint64_t limit, bool first, std::string* out) {
  Step step;
  uint64_t guess = std::max<uint64_t>(bytes.size() * 6, 64 << 10);
  if (format == Format::kGzip && !first) {
    guess = kFurtherMemberBytes;
  } else if (format == Format::kGzip && bytes.size() >= 18) {
    const auto* tail = reinterpret_cast<const unsigned char*>(bytes.data() + bytes.size() - 4);
    guess = tail[0] | tail[1] << 8 | tail[2] << 16 | static_cast<uint64_t>(tail[3]) << 24;
    guess = std::max(guess, kFurtherMemberBytes);
  }
  const uint64_t room = limit - std::min<uint64_t>(limit, out->size());
  guess = std::min({guess, room, static_cast<uint64_t>(bytes.size()) * kMaxDeflateRatio});
  if (guess > 0 && guess <= kMaxWholeBytes && InflateWhole(bytes, format, guess, out, &step)) return step;
  return InflateInPieces(bytes, format, limit, out);
}

bool OnlyZeros(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

std::string Ignored(size_t bytes) { return std::to_string(bytes) + " bytes after the end ignored"; }

// What cannot be decoded, within the limit too.
DecodedContent AsItIs(std::string_view bytes, uint64_t limit) {
  if (bytes.size() <= limit) return {std::string(bytes), {}};
  return {std::string(bytes.substr(0, static_cast<size_t>(limit))), TooLarge(limit)};
}

// Several members one after another are one body (RFC 1952, 2.2).
DecodedContent DecodeGzip(std::string_view bytes, uint64_t limit) {
  DecodedContent content;
  size_t at = 0;
  while (true) {
    const Step step = Inflate(bytes.substr(at), Format::kGzip, limit, at == 0, &content.bytes);
    if (!step.complete) {
      content.problem = "gzip: " + step.problem + (at > 0 ? " of the member at byte " + std::to_string(at) : "");
      return content;
    }
    at += step.consumed;
    const std::string_view rest = bytes.substr(at);
    if (rest.size() < 2 || !IsGzip(rest)) {
      // Some servers pad with zeros; anything else is worth a word.
      if (!OnlyZeros(rest)) content.problem = "gzip: " + Ignored(rest.size());
      return content;
    }
  }
}

// "deflate" is the zlib format by the RFC and a raw stream by a part of the servers.
DecodedContent DecodeDeflate(std::string_view bytes, uint64_t limit) {
  if (bytes.size() >= 2 && IsGzip(bytes)) return DecodeGzip(bytes, limit);
  DecodedContent content;
  Step step;
  if (IsZlibHeader(bytes)) {
    step = Inflate(bytes, Format::kZlib, limit, true, &content.bytes);
    // Damage before the first byte: the two bytes were no header after all.
    if (!step.damaged || !content.bytes.empty()) {
      if (!step.complete) content.problem = "deflate: " + step.problem;
      else if (!OnlyZeros(bytes.substr(step.consumed))) content.problem = "deflate: " + Ignored(bytes.size() - step.consumed);
      return content;
    }
  }
  step = Inflate(bytes, Format::kRaw, limit, true, &content.bytes);
  const bool exact = step.complete && OnlyZeros(bytes.substr(step.consumed));
  if (!exact && (LooksLikeText(bytes) || HasOtherMagic(bytes))) return AsItIs(bytes, limit);
  if (!step.complete) content.problem = "deflate: " + step.problem;
  else if (!exact) content.problem = "deflate: " + Ignored(bytes.size() - step.consumed);
  return content;
}

// Decodes `bytes` in pieces: of 4 KiB up to `fine_from`, then of one byte. The decoder gives out what it has at the end of a piece only,
// so that before damage small pieces keep more.
Step BrotliInPieces(std::string_view bytes, size_t fine_from, uint64_t limit, std::string* out) {
  Step step;
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  if (state == nullptr) {
    step.problem = "no memory to decode";
    return step;
  }
  while (true) {
    const size_t piece = std::min<size_t>(step.consumed < fine_from ? 4096 : 1, bytes.size() - step.consumed);
    const auto* next = reinterpret_cast<const uint8_t*>(bytes.data() + step.consumed);
    size_t available = piece, room = 0;
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state.get(), &available, &next, &room, nullptr, nullptr);
    while (BrotliDecoderHasMoreOutput(state.get())) {
      size_t taken = 0;
      const uint8_t* output = BrotliDecoderTakeOutput(state.get(), &taken);
      const size_t fits = static_cast<size_t>(std::min<uint64_t>(taken, limit - out->size()));
      out->append(reinterpret_cast<const char*>(output), fits);
      if (fits < taken) {
        step.problem = TooLarge(limit);
        return step;
      }
    }
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      step.damaged = true;
      step.problem = "data error";  // somewhere in the piece that begins at `consumed`
      return step;
    }
    step.consumed += piece - available;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) {
      step.complete = true;
      return step;
    }
    if (step.consumed == bytes.size() && result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) {
      step.problem = "cut off after " + std::to_string(bytes.size()) + " bytes";
      return step;
    }
  }
}

DecodedContent DecodeBrotli(std::string_view bytes, uint64_t limit) {
  DecodedContent content;
  Step step = BrotliInPieces(bytes, bytes.size(), limit, &content.bytes);
  const bool exact = step.complete && OnlyZeros(bytes.substr(step.consumed));
  // Two printable characters are whole streams of nothing.
  if (exact && !(content.bytes.empty() && LooksLikeText(bytes))) return content;
  // Brotli has no magic number.
  if (bytes.size() >= 3 && IsGzip(bytes) && bytes[2] == '\x08') return DecodeGzip(bytes, limit);
  if (LooksLikeText(bytes) || HasOtherMagic(bytes)) return AsItIs(bytes, limit);
  if (step.complete) {
    content.problem = "br: " + Ignored(bytes.size() - step.consumed);
  } else if (step.damaged) {
    content.bytes.clear();
    step = BrotliInPieces(bytes, step.consumed, limit, &content.bytes);
    content.problem = "br: " + step.problem + " at byte " + std::to_string(step.consumed);
  } else {
    content.problem = "br: " + step.problem;
  }
  return content;
}

}  // namespace

DecodedContent DecodeContent(std::string_view payload, std::string_view content_encoding, uint64_t limit_bytes) {
  std::vector<std::string> codings;
  for (const std::string_view part : Split(content_encoding, ',')) {
    std::string name = ToAsciiLower(TrimAscii(part));
    if (!name.empty() && name != "identity") codings.push_back(std::move(name));
    if (codings.size() > kMaxCodings) {
      return {AsItIs(payload, limit_bytes).bytes, "more than " + std::to_string(kMaxCodings) + " content codings"};
    }
  }
  DecodedContent content;
  if (codings.empty()) {
    return AsItIs(payload, limit_bytes);
  }
  bool decoded = false;
  // Listed in the order in which they were applied.
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    const std::string_view input = decoded ? std::string_view(content.bytes) : payload;
    DecodedContent next;
    if (input.empty()) {
      next = {};  // a 304 or an answer to HEAD carries the field without a body
    } else if (*coding == "gzip" || *coding == "x-gzip") {
      next = IsGzip(input) ? DecodeGzip(input, limit_bytes) : AsItIs(input, limit_bytes);
    } else if (*coding == "deflate") {
      next = DecodeDeflate(input, limit_bytes);
    } else if (*coding == "br") {
      next = DecodeBrotli(input, limit_bytes);
    } else {
      next = {AsItIs(input, limit_bytes).bytes, "unknown content coding \"" + coding->substr(0, 40) + "\""};
    }
    if (!content.problem.empty()) next.problem = content.problem + (next.problem.empty() ? "" : "; " + next.problem);
    content = std::move(next);
    decoded = true;
    if (content.problem.find("unknown content coding") != std::string::npos) break;
  }
  return content;
}

}  // namespace fangzhi::http
