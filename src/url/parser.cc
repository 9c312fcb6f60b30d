// The basic URL parser (WHATWG URL, 4.4). Each function is the state of the standard that its comment names;
// a state takes the whole run of code points that it would see one by one. Strings stay bytes throughout.
#include <array>
#include <string>

#include "base/strings.h"
#include "text/text.h"
#include "url/host.h"
#include "url/percent.h"
#include "url/url.h"

namespace fangzhi::url {
namespace {

using internal::AppendPercentEncoded;

auto Failure(std::string_view name) {
  return Fail(ErrorKind::kInvalidInput, std::string(name));
}

// 4.2: special schemes and their default ports; -1 = not special, 0 = special without a port (file).
int DefaultPort(std::string_view scheme) {
  switch (scheme.size()) {
    case 2:
      return scheme == "ws" ? 80 : -1;
    case 3:
      return scheme == "ftp" ? 21 : scheme == "wss" ? 443 : -1;
    case 4:
      return scheme == "http" ? 80 : scheme == "file" ? 0 : -1;
    case 5:
      return scheme == "https" ? 443 : -1;
    default:
      return -1;
  }
}

bool IsWindowsDriveLetter(std::string_view text) {
  return text.size() == 2 && IsAsciiAlpha(text[0]) && (text[1] == ':' || text[1] == '|');
}
bool StartsWithWindowsDriveLetter(std::string_view text) {
  return text.size() >= 2 && IsWindowsDriveLetter(text.substr(0, 2)) &&
         (text.size() == 2 || text[2] == '/' || text[2] == '\\' || text[2] == '?' || text[2] == '#');
}
// The path "/C:", a single segment that is a normalized Windows drive letter.
bool IsNormalizedDrivePath(std::string_view path) {
  return path.size() == 3 && IsWindowsDriveLetter(path.substr(1)) && path[2] == ':';
}

class BasicParser {
 public:
  BasicParser(std::string_view input, const Url* base, const QueryEncoder& query_encoder)
      : input_(input), base_(base), query_encoder_(query_encoder) {}

  Result<Url> Run() {
    FZ_TRY(SchemeStart());
    return std::move(url_);
  }

 private:
  bool AtEnd() const { return pointer_ >= input_.size(); }
  char Current() const { return AtEnd() ? '\0' : input_[pointer_]; }  // '\0' is never a delimiter
  std::string_view Rest() const { return input_.substr(pointer_); }
  bool IsSpecial() const { return default_port_ >= 0; }
  bool IsFile() const { return default_port_ == 0; }
  bool IsSlash(char c) const { return c == '/' || (c == '\\' && IsSpecial()); }
  void SetScheme(std::string scheme) {
    url_.scheme = std::move(scheme);
    default_port_ = DefaultPort(url_.scheme);
  }
  void CopyAuthority() {
    url_.username = base_->username;
    url_.password = base_->password;
    url_.host = base_->host;
    url_.port = base_->port;
  }

  // "scheme start state", "scheme state"
  Result<void> SchemeStart() {
    if (input_.empty() || !IsAsciiAlpha(input_[0])) return NoScheme();
    size_t end = 1;
    while (end < input_.size() && (IsAsciiAlpha(input_[end]) || IsAsciiDigit(input_[end]) ||
                                   input_[end] == '+' || input_[end] == '-' || input_[end] == '.')) {
      ++end;
    }
    if (end == input_.size() || input_[end] != ':') return NoScheme();
    SetScheme(ToAsciiLower(input_.substr(0, end)));
    pointer_ = end + 1;
    if (IsFile()) return File();
    if (IsSpecial()) {
      if (base_ != nullptr && base_->scheme == url_.scheme) return SpecialRelativeOrAuthority();
      return SpecialAuthorityIgnoreSlashes();  // "special authority slashes state" differs in validation
                                               // errors only
    }
    if (Current() == '/') {
      ++pointer_;
      return PathOrAuthority();
    }
    return OpaquePath();
  }

  // "no scheme state"
  Result<void> NoScheme() {
    if (base_ == nullptr) return Failure("missing-scheme-non-relative-URL");
    SetScheme(base_->scheme);
    if (base_->opaque_path) {
      if (Current() != '#') return Failure("missing-scheme-non-relative-URL");
      url_.path = base_->path;
      url_.opaque_path = true;
      url_.query = base_->query;
      return Fragment();
    }
    return IsFile() ? File() : Relative();
  }

  // "special relative or authority state"
  Result<void> SpecialRelativeOrAuthority() {
    if (Rest().substr(0, 2) == "//") return SpecialAuthorityIgnoreSlashes();
    return Relative();
  }

  // "path or authority state"
  Result<void> PathOrAuthority() {
    if (Current() == '/') {
      ++pointer_;
      return Authority();
    }
    return Path();
  }

  // "relative state"
  Result<void> Relative() {
    if (!AtEnd() && IsSlash(Current())) {
      ++pointer_;
      return RelativeSlash();
    }
    CopyAuthority();
    url_.path = base_->path;
    url_.query = base_->query;
    if (AtEnd()) return {};
    if (Current() == '?') return Query();
    if (Current() == '#') return Fragment();
    url_.query.reset();
    ShortenPath();
    return Path();
  }

  // "relative slash state"
  Result<void> RelativeSlash() {
    if (IsSpecial() && !AtEnd() && IsSlash(Current())) {
      ++pointer_;
      return SpecialAuthorityIgnoreSlashes();
    }
    if (Current() == '/') {
      ++pointer_;
      return Authority();
    }
    CopyAuthority();
    return Path();
  }

  // "special authority ignore slashes state"
  Result<void> SpecialAuthorityIgnoreSlashes() {
    while (Current() == '/' || Current() == '\\') ++pointer_;
    return Authority();
  }

  // "authority state": everything up to the last '@' before the path is user information.
  Result<void> Authority() {
    size_t end = pointer_;
    size_t at = std::string_view::npos;
    for (; end < input_.size(); ++end) {
      const char c = input_[end];
      if (c == '/' || c == '?' || c == '#' || (c == '\\' && IsSpecial())) break;
      if (c == '@') at = end;
    }
    if (at != std::string_view::npos) {
      const std::string_view credentials = input_.substr(pointer_, at - pointer_);
      const size_t colon = credentials.find(':');
      AppendPercentEncoded(credentials.substr(0, colon), internal::kUserinfo, &url_.username);
      if (colon != std::string_view::npos) {
        AppendPercentEncoded(credentials.substr(colon + 1), internal::kUserinfo, &url_.password);
      }
      pointer_ = at + 1;
      if (pointer_ == end) return Failure("host-missing");
    }
    return Host(end);
  }

  // "host state", with `end` = where the authority ends
  Result<void> Host(size_t end) {
    size_t host_end = pointer_;
    bool inside_brackets = false;
    for (; host_end < end; ++host_end) {
      const char c = input_[host_end];
      if (c == ':' && !inside_brackets) break;
      if (c == '[') inside_brackets = true;
      if (c == ']') inside_brackets = false;
    }
    const std::string_view host = input_.substr(pointer_, host_end - pointer_);
    const bool has_port = host_end < end;
    if (host.empty() && (has_port || IsSpecial())) return Failure("host-missing");
    FZ_ASSIGN(url_.host, internal::ParseHost(host, !IsSpecial()));
    pointer_ = end;
    if (has_port) FZ_TRY(Port(input_.substr(host_end + 1, end - host_end - 1)));
    return PathStart();
  }

  // "port state"
  Result<void> Port(std::string_view digits) {
    uint32_t port = 0;
    bool too_large = false;
    for (char c : digits) {
      if (!IsAsciiDigit(c)) return Failure("port-invalid");
      port = port * 10 + static_cast<uint32_t>(c - '0');
      if (port > 65535) {
        too_large = true;
        port = 65536;
      }
    }
    if (too_large) return Failure("port-out-of-range");
    if (!digits.empty() && static_cast<int>(port) != default_port_) url_.port = static_cast<uint16_t>(port);
    return {};
  }

  // "file state"
  Result<void> File() {
    SetScheme("file");
    url_.host = "";
    if (Current() == '/' || Current() == '\\') {
      ++pointer_;
      return FileSlash();
    }
    if (base_ == nullptr || base_->scheme != "file") return Path();
    url_.host = base_->host;
    url_.path = base_->path;
    url_.query = base_->query;
    if (AtEnd()) return {};
    if (Current() == '?') return Query();
    if (Current() == '#') return Fragment();
    url_.query.reset();
    if (StartsWithWindowsDriveLetter(Rest())) {
      url_.path.clear();
    } else {
      ShortenPath();
    }
    return Path();
  }

  // "file slash state"
  Result<void> FileSlash() {
    if (Current() == '/' || Current() == '\\') {
      ++pointer_;
      return FileHost();
    }
    if (base_ != nullptr && base_->scheme == "file") {
      url_.host = base_->host;
      const std::string_view first = std::string_view(base_->path).substr(0, base_->path.find('/', 1));
      if (!StartsWithWindowsDriveLetter(Rest()) && IsNormalizedDrivePath(first)) url_.path = first;
    }
    return Path();
  }

  // "file host state"
  Result<void> FileHost() {
    size_t end = pointer_;
    while (end < input_.size() && std::string_view("/\\?#").find(input_[end]) == std::string_view::npos)
      ++end;
    const std::string_view host = input_.substr(pointer_, end - pointer_);
    if (IsWindowsDriveLetter(host)) return Path();  // the drive letter is the first segment
    if (!host.empty()) {
      FZ_ASSIGN(url_.host, internal::ParseHost(host, false));
      if (*url_.host == "localhost") url_.host = "";
    }
    pointer_ = end;
    return PathStart();
  }

  // "path start state"
  Result<void> PathStart() {
    if (IsSpecial()) {
      if (!AtEnd() && IsSlash(Current())) ++pointer_;
      return Path();
    }
    if (AtEnd()) return {};
    if (Current() == '?') return Query();
    if (Current() == '#') return Fragment();
    if (Current() == '/') ++pointer_;
    return Path();
  }

  // "path state": pointer_ is at the first code point of a segment.
  Result<void> Path() {
    const bool special = IsSpecial();
    url_.path.reserve(url_.path.size() + input_.size() - pointer_ + 1);
    for (;;) {
      size_t end = pointer_;
      while (end < input_.size()) {
        const char c = input_[end];
        if (c == '/' || c == '?' || c == '#' || (c == '\\' && special)) break;
        ++end;
      }
      const std::string_view segment = input_.substr(pointer_, end - pointer_);
      const bool slash = end < input_.size() && input_[end] != '?' && input_[end] != '#';
      const int dots = internal::DotSegment(segment);
      if (dots != 0) {
        if (dots == 2) ShortenPath();
        if (!slash) url_.path.push_back('/');
      } else {
        const bool drive = IsFile() && url_.path.empty() && IsWindowsDriveLetter(segment);
        url_.path.push_back('/');
        AppendPercentEncoded(segment, internal::kPath, &url_.path);
        if (drive) url_.path[2] = ':';
      }
      pointer_ = end;
      if (!slash) break;
      ++pointer_;
    }
    if (AtEnd()) return {};
    return Current() == '?' ? Query() : Fragment();
  }

  // 4.3 "shorten a url's path"
  void ShortenPath() {
    if (IsFile() && IsNormalizedDrivePath(url_.path)) return;
    const size_t slash = url_.path.rfind('/');
    url_.path.resize(slash == std::string::npos ? 0 : slash);
  }

  // "opaque path state"
  Result<void> OpaquePath() {
    url_.opaque_path = true;
    const size_t end = FindEither(input_, '?', '#', pointer_);
    std::string_view path = input_.substr(pointer_, end - pointer_);
    const bool ends_in_space = end < input_.size() && !path.empty() && path.back() == ' ';
    if (ends_in_space) path.remove_suffix(1);
    AppendPercentEncoded(path, internal::kC0Control, &url_.path);
    if (ends_in_space) url_.path += "%20";
    pointer_ = end;
    if (AtEnd()) return {};
    return Current() == '?' ? Query() : Fragment();
  }

  // "query state": pointer_ is at '?'
  Result<void> Query() {
    ++pointer_;
    const size_t end = std::min(input_.find('#', pointer_), input_.size());
    const std::string_view query = input_.substr(pointer_, end - pointer_);
    const internal::PercentSet set = IsSpecial() ? internal::kSpecialQuery : internal::kQuery;
    std::string& out = url_.query.emplace();
    out.reserve(query.size());
    // Encodings of pages leave ASCII as it is. DEPARTURE: a query that is not UTF-8 keeps its bytes: it is
    // from a page or a header that never said what they mean, and U+FFFD would lose them.
    const bool encode = query_encoder_ && IsSpecial() && url_.scheme != "ws" && url_.scheme != "wss" &&
                        !internal::IsAscii(query) && text::IsValidUtf8(query);
    if (encode) {
      AppendEncodedQuery(query_encoder_(query), set, &out);
    } else {
      AppendPercentEncoded(query, set, &out);
    }
    pointer_ = end;
    return AtEnd() ? Result<void>() : Fragment();
  }

  // 1.3 "percent-encode after encoding": characters that the encoding lacks arrive as "&#NNNN;", which
  // becomes
  // "%26%23NNNN%3B". The query itself has no '#', so such a run is always the encoder's.
  static void AppendEncodedQuery(std::string_view bytes, internal::PercentSet set, std::string* out) {
    size_t start = 0;
    for (size_t i = bytes.find("&#"); i != std::string_view::npos; i = bytes.find("&#", i + 2)) {
      size_t end = i + 2;
      while (end < bytes.size() && IsAsciiDigit(bytes[end])) ++end;
      if (end == i + 2 || end == bytes.size() || bytes[end] != ';') continue;
      AppendPercentEncoded(bytes.substr(start, i - start), set, out);
      *out += "%26%23";
      out->append(bytes.substr(i + 2, end - i - 2));
      *out += "%3B";
      start = end + 1;
    }
    AppendPercentEncoded(bytes.substr(start), set, out);
  }

  // "fragment state": pointer_ is at '#'
  Result<void> Fragment() {
    AppendPercentEncoded(input_.substr(pointer_ + 1), internal::kFragment, &url_.fragment.emplace());
    return {};
  }

  const std::string_view input_;
  const Url* const base_;
  const QueryEncoder& query_encoder_;
  size_t pointer_ = 0;
  int default_port_ = -1;
  Url url_;
};

bool IsC0ControlOrSpace(char c) {
  return static_cast<uint8_t>(c) <= 0x20;
}
bool IsTabOrNewline(char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

Result<Url> Parse(std::string_view input, const Url* base, const QueryEncoder& query_encoder) {
  while (!input.empty() && IsC0ControlOrSpace(input.front())) input.remove_prefix(1);
  while (!input.empty() && IsC0ControlOrSpace(input.back())) input.remove_suffix(1);
  bool clean = true;
  for (char c : input) clean = clean && !IsTabOrNewline(c);
  if (clean) return BasicParser(input, base, query_encoder).Run();
  std::string cleaned;
  cleaned.reserve(input.size());
  for (char c : input) {
    if (!IsTabOrNewline(c)) cleaned.push_back(c);
  }
  return BasicParser(cleaned, base, query_encoder).Run();
}

}  // namespace fangzhi::url
