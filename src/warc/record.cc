#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/digest.h"
#include "base/strings.h"
#include "http/http.h"
#include "warc/record_text.h"

namespace fangzhi::warc {
namespace {

// What ReadRecord inflates at most: as ReadOptions::max_record_bytes, and a header.
constexpr uint64_t kMaxMemberBytes = (uint64_t{1} << 30) + kMaxHeaderBytes;

// The standard knows about thirty; comparing each with each must stay cheap.
constexpr size_t kMaxFields = 1000;

// The fields that the writer makes from a record's members.
bool IsWritersField(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {"WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length",
                                                             "WARC-Block-Digest"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view known) { return EqualsIgnoreAsciiCase(known, name); });
}

// ISO 28500:2017, 5.1, and the agreement on WARC-Protocol. Of fields that the standard does not know nobody can say.
bool MayRepeat(std::string_view name) {
  if (EqualsIgnoreAsciiCase(name, "WARC-Concurrent-To") || EqualsIgnoreAsciiCase(name, "WARC-Protocol")) return true;
  return !EqualsIgnoreAsciiCase(name.substr(0, 5), "WARC-") && !EqualsIgnoreAsciiCase(name.substr(0, 8), "Content-");
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

// Length of the UTF-8 sequence that `text` starts with; 0 when it is none.
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
      (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

// One line of UTF-8 without control characters, whatever came in: a field value must never be able to end its field.
void AppendValue(std::string_view value, std::string& out) {
  while (!value.empty()) {
    const size_t length = SequenceLength(value);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      value.remove_prefix(1);
      continue;
    }
    const auto first = static_cast<unsigned char>(value.front());
    if (first < 0x20 || first == 0x7F) out += ' ';
    else out.append(value.substr(0, length));
    value.remove_prefix(length);
  }
}

void AppendField(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ");
  AppendValue(value, out);
  out.append("\r\n");
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view WithoutBrackets(std::string_view uri) {
  if (uri.size() >= 2 && uri.front() == '<' && uri.back() == '>') return uri.substr(1, uri.size() - 2);
  return uri;
}

// One line without its ending; `bare_feed` is set when that was LF alone.
std::string_view TakeLine(std::string_view& text, bool* bare_feed) {
  const size_t feed = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, feed);
  text.remove_prefix(std::min(feed + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  else *bare_feed = true;
  return line;
}

bool IsHttpBlock(const Record& record) {
  const auto type = record.Field("Content-Type");
  if (type) return EqualsIgnoreAsciiCase(http::ParseContentType(*type).essence, "application/http");
  return std::string_view(record.block).substr(0, 5) == "HTTP/";
}

// The version line's number: 1.0 and 1.1, and the drafts that crawlers wrote before 1.0.
bool KnownVersion(std::string_view version) {
  return version == "1.1" || version == "1.0" || version == "0.18" || version == "0.17";
}

// As DigestMatches, and also digests in base64 (either alphabet), which some writers use.
bool LabelMatches(std::string_view label, std::string_view bytes, bool* known) {
  if (DigestMatches(label, bytes, known)) return true;
  const size_t colon = label.find(':');
  if (!*known || colon == std::string_view::npos || label.size() > 100) return false;
  std::string value(label.substr(colon + 1));
  std::replace(value.begin(), value.end(), '-', '+');
  std::replace(value.begin(), value.end(), '_', '/');
  const auto raw = FromBase64(value);
  return raw && DigestMatches(std::string(label.substr(0, colon + 1)) + HexLower(*raw), bytes, known);
}

std::vector<NamedField> TakeFields(std::string_view text, std::vector<std::string>* faults, bool* bare_feed) {
  std::vector<NamedField> fields;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text, bare_feed);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      const std::string_view more = TrimBlanks(line);
      if (fields.empty() || more.empty()) continue;
      std::string& value = fields.back().value;
      if (!value.empty()) value += ' ';
      value += more;
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || TrimBlanks(line.substr(0, colon)).empty()) {
      faults->push_back("header line without a name");
      continue;
    }
    fields.push_back({std::string(TrimBlanks(line.substr(0, colon))), std::string(TrimBlanks(line.substr(colon + 1)))});
  }
  return fields;
}

}  // namespace

std::optional<std::string_view> Record::Field(std::string_view name) const {
  for (const NamedField& field : fields) {
    if (EqualsIgnoreAsciiCase(field.name, name)) return field.value;
  }
  return std::nullopt;
}

bool StartsLikeRecord(std::string_view text) {
  return text.size() >= 6 && (text[0] == 'W' || text[0] == 'w') && EqualsIgnoreAsciiCase(text.substr(0, 5), "WARC/") &&
         IsAsciiDigit(text[5]);
}

size_t HeaderLength(std::string_view text) { return http::HeadLength(text); }

Result<ParsedHeader> ParseHeader(std::string_view header) {
  ParsedHeader parsed;
  bool bare_feed = false;
  const std::string_view version_line = TakeLine(header, &bare_feed);
  if (!StartsLikeRecord(version_line)) return Fail(ErrorKind::kCorrupt, "no WARC record");
  if (!KnownVersion(TrimBlanks(version_line.substr(5)))) {
    return Fail(ErrorKind::kCorrupt, "unknown version " + std::string(version_line.substr(0, 20)));
  }
  Record& record = parsed.record;
  record.fields = TakeFields(header, &parsed.faults, &bare_feed);
  if (record.fields.size() > kMaxFields) {
    return Fail(ErrorKind::kCorrupt, "header of " + std::to_string(record.fields.size()) + " fields");
  }
  if (bare_feed) parsed.faults.push_back("header lines end in LF alone");

  std::vector<std::string> names;
  for (NamedField& field : record.fields) {
    // The 1.0 grammar put URIs into angle brackets by mistake, and some writers followed it.
    if (EqualsIgnoreAsciiCase(field.name, "WARC-Target-URI") || EqualsIgnoreAsciiCase(field.name, "WARC-Profile")) {
      field.value = std::string(WithoutBrackets(field.value));
    }
    if (!MayRepeat(field.name)) names.push_back(ToAsciiLower(field.name));
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    parsed.faults.push_back("field " + *twice + " occurs more than once");
  }

  const auto type = record.Field("WARC-Type");
  if (!type || type->empty()) return Fail(ErrorKind::kCorrupt, "no WARC-Type");
  record.type = ToAsciiLower(*type);
  const auto id = record.Field("WARC-Record-ID");
  if (!id || WithoutBrackets(*id).empty()) return Fail(ErrorKind::kCorrupt, "no WARC-Record-ID");
  record.id = std::string(WithoutBrackets(*id));
  const auto date = record.Field("WARC-Date");
  if (!date) return Fail(ErrorKind::kCorrupt, "no WARC-Date");
  const auto time = ParseIso8601(*date);
  if (!time) return Fail(ErrorKind::kCorrupt, "WARC-Date \"" + std::string(date->substr(0, 40)) + "\" is no date");
  record.date = *time;
  const auto length = record.Field("Content-Length");
  const auto number = length ? ParseUint(*length) : std::nullopt;
  if (!number) return Fail(ErrorKind::kCorrupt, "no Content-Length");
  parsed.content_length = *number;

  const auto segment = record.Field("WARC-Segment-Number");
  if (segment && (*segment == "1") == (record.type == "continuation")) {
    parsed.faults.push_back("WARC-Segment-Number " + std::string(segment->substr(0, 20)) + " in a " + record.type + " record");
  }
  return parsed;
}

Result<void> AppendHeader(const Record& record, std::string& out) {
  for (const NamedField& field : record.fields) {
    if (!IsFieldName(field.name)) {
      return Fail(ErrorKind::kInvalidInput, "\"" + field.name + "\" is no WARC field name");
    }
  }
  if (record.type.empty() || record.id.empty()) return Fail(ErrorKind::kInvalidInput, "WARC record without type or id");
  out.append("WARC/1.1\r\n");
  AppendField("WARC-Type", record.type, out);
  AppendField("WARC-Record-ID", "<" + record.id + ">", out);
  AppendField("WARC-Date", FormatWarcDate(record.date), out);
  AppendField("Content-Length", std::to_string(record.block.size()), out);
  AppendField("WARC-Block-Digest", Sha256Label(record.block), out);
  for (size_t i = 0; i < record.fields.size(); ++i) {
    const NamedField& field = record.fields[i];
    if (IsWritersField(field.name)) continue;
    // The first counts, as for every reader.
    const auto same_name = [&](const NamedField& other) { return EqualsIgnoreAsciiCase(other.name, field.name); };
    if (!MayRepeat(field.name) &&
        std::any_of(record.fields.begin(), record.fields.begin() + static_cast<ptrdiff_t>(i), same_name)) {
      continue;
    }
    AppendField(field.name, field.value, out);
  }
  out.append("\r\n");
  return {};
}

std::string_view PayloadOf(const Record& record) {
  if (record.type == "revisit" || record.type == "warcinfo" || record.type == "metadata") return {};
  const std::string_view block = record.block;
  if (!IsHttpBlock(record)) return block;
  const size_t head = http::HeadLength(block);
  return head == std::string_view::npos ? std::string_view{} : block.substr(head);
}

std::vector<std::string> DigestFaults(const Record& record) {
  std::vector<std::string> faults;
  bool known = false;
  if (const auto label = record.Field("WARC-Block-Digest")) {
    if (!LabelMatches(*label, record.block, &known) && known) {
      faults.push_back("block digest " + std::string(label->substr(0, 160)) + " does not match the block");
    }
  }
  const auto label = record.Field("WARC-Payload-Digest");
  // That of a revisit is another record's payload, that of a segment the whole payload's.
  const bool computable = record.type == "response" || record.type == "resource" || record.type == "request";
  if (!label || !computable || record.Field("WARC-Segment-Number")) return faults;
  const std::string_view payload = PayloadOf(record);
  if (LabelMatches(*label, payload, &known) || !known) return faults;
  if (IsHttpBlock(record)) {
    // Both readings of "payload" are in use where the block keeps the chunked coding.
    const std::string_view head = std::string_view(record.block).substr(0, record.block.size() - payload.size());
    if (FindIgnoreAsciiCase(head, "chunked") != std::string_view::npos) {
      const auto whole = http::RemoveChunkedCoding(payload);
      if (whole && LabelMatches(*label, *whole, &known)) return faults;
    }
  }
  faults.push_back("payload digest " + std::string(label->substr(0, 160)) + " does not match the payload");
  return faults;
}

Result<Record> ReadRecord(const std::string& path, uint64_t offset, uint64_t length) {
  const std::string subject = path + ":" + std::to_string(offset);
  FZ_ASSIGN(std::string member, PosixFileSystem().ReadAt(path, offset, length));
  if (member.size() != length || length < 18) {
    return Fail(ErrorKind::kCorrupt, "file ends inside the record of " + std::to_string(length) + " bytes", subject);
  }
  const auto* tail = reinterpret_cast<const unsigned char*>(member.data() + member.size() - 4);
  const uint64_t size = tail[0] | tail[1] << 8 | tail[2] << 16 | static_cast<uint64_t>(tail[3]) << 24;
  if (size > kMaxMemberBytes || size > length * 1032) {
    return Fail(ErrorKind::kCorrupt, "no gzip member of this length", subject);
  }
  thread_local const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (decompressor == nullptr) return Fail(ErrorKind::kInternal, "no memory to inflate", subject);
  std::string text(size, '\0');
  size_t consumed = 0, produced = 0;
  const libdeflate_result result = libdeflate_gzip_decompress_ex(decompressor.get(), member.data(), member.size(),
                                                                 text.data(), text.size(), &consumed, &produced);
  if (result != LIBDEFLATE_SUCCESS || consumed != length || produced != size) {
    return Fail(ErrorKind::kCorrupt, "gzip member does not inflate", subject);
  }
  const size_t header = HeaderLength(text);
  if (header == std::string_view::npos || header > kMaxHeaderBytes) return Fail(ErrorKind::kCorrupt, "no WARC record", subject);
  auto parsed = ParseHeader(std::string_view(text).substr(0, header));
  if (!parsed) {
    parsed.error().subject = subject;
    return Fail(std::move(parsed.error()));
  }
  if (parsed->content_length > text.size() - header) {
    return Fail(ErrorKind::kCorrupt,
                "Content-Length " + std::to_string(parsed->content_length) + ", block has " +
                    std::to_string(text.size() - header) + " bytes",
                subject);
  }
  // The text becomes the block: nothing is allocated twice.
  text.resize(header + parsed->content_length);
  text.erase(0, header);
  parsed->record.block = std::move(text);
  return std::move(parsed->record);
}

}  // namespace fangzhi::warc
