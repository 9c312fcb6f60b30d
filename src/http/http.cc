#include "http/http.h"

#include <algorithm>
#include <charconv>

#include "base/strings.h"

namespace fangzhi::http {
namespace {

constexpr size_t kNpos = std::string_view::npos;

// Cuts one line off the front of `text`, without its ending (CRLF or LF). `ending` tells how it ended; empty at the end of `text`.
std::string_view TakeLine(std::string_view& text, std::string_view* ending) {
  const size_t feed = text.find('\n');
  if (feed == kNpos) {
    const std::string_view line = text;
    text = {};
    *ending = {};
    return line;
  }
  const size_t length = feed > 0 && text[feed - 1] == '\r' ? feed - 1 : feed;
  const std::string_view line = text.substr(0, length);
  *ending = text.substr(length, feed + 1 - length);
  text.remove_prefix(feed + 1);
  return line;
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool IsFolded(std::string_view line) { return !line.empty() && (line.front() == ' ' || line.front() == '\t'); }

// The field name of a line, empty where it is none.
std::string_view FieldName(std::string_view line) {
  const size_t colon = line.find(':');
  return colon == kNpos ? std::string_view{} : TrimBlanks(line.substr(0, colon));
}

// A lone CR inside a value is a space to those who obey RFC 9112, 2.2, and a line break to those who do not.
std::string FieldValue(std::string_view raw) {
  std::string value(TrimBlanks(raw));
  std::replace(value.begin(), value.end(), '\r', ' ');
  return value;
}

// "HTTP/1.1 200 OK". HTTP/2 and HTTP/3 have no minor number.
bool ParseStatusLine(std::string_view line, ResponseHead* head) {
  if (line.size() < 5 || !EqualsIgnoreAsciiCase(line.substr(0, 5), "HTTP/")) return false;
  const size_t space = line.find_first_of(" \t");
  if (space == kNpos) return false;
  head->version = std::string(line.substr(0, space));
  line = TrimBlanks(line.substr(space));
  if (line.size() < 3 || !IsAsciiDigit(line[0]) || !IsAsciiDigit(line[1]) || !IsAsciiDigit(line[2])) return false;
  if (line.size() > 3 && IsAsciiDigit(line[3])) return false;
  head->status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (head->status < 100) return false;
  head->reason = FieldValue(line.substr(3));
  return true;
}

// token of RFC 9110, 5.6.2 = "HTTP token code point" of WHATWG MIME Sniffing.
bool IsToken(std::string_view text) {
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != kNpos;
  });
}

bool IsHttpSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// "Collect an HTTP quoted string" with the extract-value flag; `text` starts at the opening quote and is left after the closing one.
std::string TakeQuotedString(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') break;
    if (c == '\\') {
      if (text.empty()) {
        value += '\\';
        break;
      }
      value += text.front();
      text.remove_prefix(1);
    } else {
      value += c;
    }
  }
  return value;
}

// "HTTP quoted-string token code points", on bytes: those above 0x7F stand for U+0080 to U+00FF.
bool IsQuotable(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

}  // namespace

std::optional<std::string_view> Fields::Get(std::string_view name) const {
  for (const Field& field : list_) {
    if (EqualsIgnoreAsciiCase(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string Fields::GetAll(std::string_view name) const {
  std::string all;
  bool first = true;
  for (const Field& field : list_) {
    if (!EqualsIgnoreAsciiCase(field.name, name)) continue;
    if (!first) all += ", ";
    all += field.value;
    first = false;
  }
  return all;
}

Result<ResponseHead> ParseResponseHead(std::string_view head) {
  ResponseHead parsed;
  std::string_view ending;
  std::string_view line = TakeLine(head, &ending);
  // Empty lines before a message are leftovers of the one before it (RFC 9112, 2.2).
  while (line.empty() && !head.empty()) line = TakeLine(head, &ending);
  if (!ParseStatusLine(line, &parsed)) {
    return Fail(ErrorKind::kInvalidInput, "no HTTP status line: \"" + std::string(line.substr(0, 80)) + "\"");
  }
  std::string name, value;
  const auto finish_field = [&] {
    if (!name.empty()) parsed.fields.Add(std::move(name), std::move(value));
    name.clear();
    value.clear();
  };
  while (!head.empty()) {
    line = TakeLine(head, &ending);
    if (line.empty()) break;
    if (IsFolded(line)) {
      // Obsolete folding (RFC 9112, 5.2): one space. Without a field to continue it is noise.
      const std::string more = FieldValue(line);
      if (!name.empty() && !more.empty()) {
        if (!value.empty()) value += ' ';
        value += more;
      }
      continue;
    }
    finish_field();
    name = std::string(FieldName(line));  // empty: not a field, passed over as browsers do
    if (!name.empty()) value = FieldValue(line.substr(line.find(':') + 1));
  }
  finish_field();
  return parsed;
}

size_t HeadLength(std::string_view message) {
  size_t at = 0;
  while (at < message.size() && (message[at] == '\r' || message[at] == '\n')) ++at;
  while (true) {
    const size_t feed = message.find('\n', at);
    if (feed == kNpos) return kNpos;
    at = feed + 1;
    if (at < message.size() && message[at] == '\n') return at + 1;
    if (at + 1 < message.size() && message[at] == '\r' && message[at + 1] == '\n') return at + 2;
  }
}

std::string RewriteHeadForArchive(std::string_view head, uint64_t payload_bytes) {
  bool chunked = false;
  std::string_view ending;
  for (std::string_view rest = head; !rest.empty();) {
    const std::string_view line = TakeLine(rest, &ending);
    if (!IsFolded(line) && EqualsIgnoreAsciiCase(FieldName(line), "Transfer-Encoding")) chunked = true;
  }
  if (!chunked) return std::string(head);

  std::string out;
  out.reserve(head.size() + 64);
  const std::string length_field = "Content-Length: " + std::to_string(payload_bytes);
  std::string_view usual_ending = "\r\n";
  bool length_written = false, in_dropped_field = false, ended = false;
  for (std::string_view rest = head; !rest.empty();) {
    const std::string_view line = TakeLine(rest, &ending);
    if (!ending.empty()) usual_ending = ending;
    if (ended) {
      out.append(line).append(ending);
      continue;
    }
    if (line.empty() && !out.empty()) {
      if (!length_written) out.append(length_field).append(usual_ending);
      length_written = ended = true;
      out.append(line).append(ending);
      continue;
    }
    if (IsFolded(line)) {
      if (!in_dropped_field) out.append(line).append(ending);
      continue;
    }
    const std::string_view name = FieldName(line);
    in_dropped_field = EqualsIgnoreAsciiCase(name, "Content-Length");
    if (in_dropped_field) {
      if (!length_written) out.append(length_field).append(ending.empty() ? usual_ending : ending);
      length_written = true;
    } else {
      // The line's own spelling of the name is kept; only the prefix is new.
      if (EqualsIgnoreAsciiCase(name, "Transfer-Encoding")) out.append("X-Crawler-");
      out.append(line).append(ending);
    }
  }
  if (!length_written) {
    if (!out.empty() && out.back() != '\n') out.append(usual_ending);
    out.append(length_field).append(usual_ending);
  }
  return out;
}

std::optional<std::string> RemoveChunkedCoding(std::string_view body) {
  std::string payload;
  payload.reserve(body.size());
  while (true) {
    std::string_view ending;
    std::string_view line = TakeLine(body, &ending);
    if (ending.empty()) return std::nullopt;
    if (const size_t extension = line.find(';'); extension != kNpos) line = line.substr(0, extension);
    line = TrimBlanks(line);
    uint64_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (line.empty() || error != std::errc() || end != line.data() + line.size()) return std::nullopt;
    if (size == 0) return payload;
    if (size > body.size()) return std::nullopt;
    payload.append(body.substr(0, size));
    body.remove_prefix(size);
    if (!TakeLine(body, &ending).empty() || ending.empty()) return std::nullopt;
  }
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, UtcTime now) {
  using std::chrono::seconds;
  value = TrimAscii(value);
  if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return IsAsciiDigit(c); })) {
    // More than a hundred years means the same as a hundred years, and cannot overflow a time.
    constexpr uint64_t kMostSeconds = uint64_t{100} * 366 * 24 * 3600;
    const auto number = ParseUint(value);
    return seconds(static_cast<int64_t>(number ? std::min(*number, kMostSeconds) : kMostSeconds));
  }
  const auto date = ParseHttpDate(value);
  if (!date) return std::nullopt;
  return std::max(seconds(0), std::chrono::ceil<seconds>(*date - now));
}

ContentType ParseContentType(std::string_view value) {
  while (!value.empty() && IsHttpSpace(value.front())) value.remove_prefix(1);
  while (!value.empty() && IsHttpSpace(value.back())) value.remove_suffix(1);
  const size_t slash = value.find('/');
  if (slash == kNpos) return {};
  const std::string_view type = value.substr(0, slash);
  size_t semicolon = value.find(';', slash);
  std::string_view subtype = value.substr(slash + 1, semicolon == kNpos ? kNpos : semicolon - slash - 1);
  while (!subtype.empty() && IsHttpSpace(subtype.back())) subtype.remove_suffix(1);
  if (!IsToken(type) || !IsToken(subtype)) return {};

  ContentType parsed;
  parsed.essence = ToAsciiLower(type) + "/" + ToAsciiLower(subtype);
  if (semicolon == kNpos) return parsed;
  value.remove_prefix(semicolon);
  while (!value.empty()) {
    value.remove_prefix(1);  // the semicolon
    while (!value.empty() && IsHttpSpace(value.front())) value.remove_prefix(1);
    const size_t name_end = std::min(value.find_first_of(";="), value.size());
    const std::string_view name = value.substr(0, name_end);
    value.remove_prefix(name_end);
    if (value.empty()) break;
    if (value.front() == ';') continue;
    value.remove_prefix(1);
    if (value.empty()) break;
    std::string parameter;
    if (value.front() == '"') {
      parameter = TakeQuotedString(value);
      value.remove_prefix(std::min(value.find(';'), value.size()));
    } else {
      const size_t end = std::min(value.find(';'), value.size());
      std::string_view raw = value.substr(0, end);
      while (!raw.empty() && IsHttpSpace(raw.back())) raw.remove_suffix(1);
      value.remove_prefix(end);
      if (raw.empty()) continue;
      parameter = std::string(raw);
    }
    // The first charset counts.
    if (EqualsIgnoreAsciiCase(name, "charset") && IsQuotable(parameter)) {
      parsed.charset = std::move(parameter);
      break;
    }
  }
  return parsed;
}

}  // namespace fangzhi::http
