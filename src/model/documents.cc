#include "model/documents.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/strings.h"

namespace fangzhi::model {
namespace {

// Endings of documents. Scanned pages come as TIFF, which no browser shows.
constexpr std::array<std::string_view, 36> kDocuments = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et",   "dps",  "ofd", "ceb",  "cebx", "gd",  "rar", "zip", "7z", "gz",
                                                         "tgz", "tar", "txt",  "csv", "rtf",  "odt", "ods",  "odp", "epub", "caj",  "xlsm", "docm", "apk",  "mp3", "mp4", "wmv", "tif", "tiff"};
// Those by which a text names a file.
constexpr std::array<std::string_view, 17> kNamed = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "7z", "txt", "csv", "rtf", "ceb"};
// Programs that answer pages or files.
constexpr std::array<std::string_view, 12> kPrograms = {"jsp", "jspx", "do", "action", "asp", "aspx", "ashx", "php", "cgi", "dll", "asmx", "htx"};
constexpr std::array<std::string_view, 12> kDownloads = {"_content/download.jsp", "/module/download/", "downloadattach", "/downfile",        "downloadfile", "file/download",
                                                         "/download.jsp",         "/download.ashx",    "/download.do",   "/download.aspx", "/attachment.do", "/attachment.jspx"};
// Of a path that may lead to a file: /f/down.jsp, /attach/3, /file/getFile.do.
constexpr std::array<std::string_view, 7> kHints = {"down", "file", "attach", "annex", "upload", "fujian", "/fj"};

template <size_t n>
bool IsOneOf(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <size_t n>
bool HasAny(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

struct Name {
  std::string_view stem, extension;
};

Name NameOf(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const size_t dot = file.rfind('.');
  return {file.substr(0, dot), dot == std::string_view::npos ? std::string_view() : file.substr(dot + 1)};
}

// Whether a value of the query is a file's name.
bool QueryNamesFile(std::string_view query) {
  for (size_t dot = query.find('.'); dot != std::string_view::npos; dot = query.find('.', dot + 1)) {
    const std::string_view rest = query.substr(dot + 1, 6);
    if (IsOneOf(rest.substr(0, rest.find('&')), kDocuments)) return true;
  }
  return false;
}

}  // namespace

bool IsDocumentAddress(const url::Url& url) {
  // Most addresses have nothing of the kind, and are told without a copy of theirs.
  const std::string_view extension = NameOf(url.path).extension;
  if (extension.size() <= 4 && extension != "html" && extension != "htm" && IsOneOf(ToAsciiLower(extension), kDocuments)) return true;
  const bool may = FindIgnoreAsciiCase(url.path, "down") != std::string_view::npos || FindIgnoreAsciiCase(url.path, "attach") != std::string_view::npos;
  if (!may && (!url.query || url.query->empty())) return false;
  const std::string path = ToAsciiLower(url.path);
  const Name name = NameOf(path);
  if (may && HasAny(path, kDownloads)) return true;
  if (may && path.find("/attachment/") != std::string::npos && (name.extension.empty() || IsOneOf(name.extension, kPrograms))) return true;
  if (!url.query || url.query->empty()) return false;
  // viewer.html?file=a.pdf is a page that shows it.
  if (name.extension == "html" || name.extension == "htm" || name.extension == "shtml") return false;
  const std::string query = ToAsciiLower(*url.query);
  return query.find("wbfileid=") != std::string::npos || name.stem.find("download") != std::string_view::npos || QueryNamesFile(query);
}

bool NamesDocument(std::string_view text) {
  constexpr size_t kLongest = 1000;
  if (text.find('.') == std::string_view::npos) return false;
  const std::string lower = ToAsciiLower(TrimAscii(text.substr(0, kLongest)));
  for (size_t dot = lower.find('.'); dot != std::string::npos; dot = lower.find('.', dot + 1)) {
    size_t end = dot + 1;
    while (end < lower.size() && (IsAsciiAlpha(lower[end]) || IsAsciiDigit(lower[end]))) ++end;
    // A name before it, and behind it nothing or a remark: （点击下载）, [23KB].
    const bool last = end == lower.size() || lower[end] == '(' || lower[end] == '[' || lower[end] == ' ' || std::string_view(lower).substr(end).starts_with("（") || std::string_view(lower).substr(end).starts_with("】") ||
                      std::string_view(lower).substr(end).starts_with("》") || std::string_view(lower).substr(end).starts_with("”") || lower[end] == '"' || lower[end] == ')';
    if (dot >= 2 && last && IsOneOf(std::string_view(lower).substr(dot + 1, end - dot - 1), kNamed)) return true;
  }
  return false;
}

bool LeadsToDocument(const url::Url& url, std::string_view text) {
  if (IsDocumentAddress(url)) return true;
  if (!NamesDocument(text)) return false;
  const std::string path = ToAsciiLower(url.path);
  const Name name = NameOf(path);
  if (!name.extension.empty() && !IsOneOf(name.extension, kPrograms)) return false;
  if (name.extension.empty() && name.stem.empty() && !url.query) return false;  // a folder, or the host itself
  return name.extension.empty() || HasAny(path, kHints) || text.starts_with("附件");
}

std::optional<url::Url> EmbeddedDocument(const url::Url& source) {
  constexpr std::array<std::string_view, 4> kNoPaper = {"mp3", "mp4", "wmv", "apk"};
  constexpr size_t kLongestName = 2048;
  const auto is_paper = [&](const url::Url& url) { return IsDocumentAddress(url) && !IsOneOf(NameOf(ToAsciiLower(url.path)).extension, kNoPaper); };
  const std::string path = ToAsciiLower(source.path);
  const std::string_view extension = NameOf(path).extension;
  if (extension != "html" && extension != "htm" && extension != "shtml") return is_paper(source) ? std::optional(source) : std::nullopt;
  if (!source.query) return std::nullopt;
  for (const std::string_view part : Split(*source.query, '&')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || part.size() > kLongestName) continue;
    const std::string name = url::PercentDecode(part.substr(equals + 1));
    if (name.find('.') == std::string::npos) continue;
    auto file = url::Canonical(name, &source);
    if (file && file->IsHttp() && is_paper(*file)) {
      file->fragment.reset();
      return std::move(*file);
    }
  }
  return std::nullopt;
}

}  // namespace fangzhi::model
