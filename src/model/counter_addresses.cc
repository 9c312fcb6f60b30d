#include "model/counter_addresses.h"

#include <algorithm>
#include <bitset>

#include "base/limits.h"
#include "base/strings.h"

namespace fangzhi::model {
namespace {

// What is known of each provider (DOMAIN 1.1): does asking count, and what the answer's number is.
struct Provider {
  const char* kind;
  const char* side_effect;
  const char* semantics;
  const char* method = "GET";
};
constexpr const char* kProven = "read_only_proven";
constexpr const char* kInferred = "read_only_inferred";
constexpr const char* kIncrements = "increments";
constexpr const char* kUnknown = "unknown";
constexpr Provider kVsb{"vsb", kInferred, "total"};  // it counts by addclicktimes.jsp and datainput.jsp
constexpr Provider kSudy{"sudy", kInferred, "total", "POST"};  // it counts by the pixel /_visitcount
constexpr Provider kHanweb{"hanweb", kInferred, "total"};  // it counts by visit.jsp
constexpr Provider kHanwebHits{"hanweb", kUnknown, "unknown"};
constexpr Provider kEmpire{"empirecms", kProven, "stored_plus_one"};  // without addclick
constexpr Provider kDede{"dedecms", kIncrements, "after"};
constexpr Provider kPhpcms{"phpcms", kIncrements, "before"};
constexpr Provider kMetInfo{"metinfo", kIncrements, "after"};
constexpr Provider kSscms{"sscms", kIncrements, "after", "POST"};  // with a JSON body that Counter cannot carry
constexpr Provider kJeecms{"jeecms", kIncrements, "after"};
constexpr Provider kDtcms{"dtcms", kProven, "total"};  // without click
constexpr Provider kPowerEasy{"powereasy", kUnknown, "unknown"};
constexpr Provider kKesion{"kesion", kUnknown, "unknown"};
constexpr Provider kKesionCount{"kesion", kIncrements, "unknown"};
constexpr Provider kEpoint{"epoint", kIncrements, "unknown"};
constexpr Provider kAspcms{"aspcms", kIncrements, "after"};
constexpr Provider kGeneric{"generic", kUnknown, "unknown"};

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

bool IsWord(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '_' || c == '$' || c == '-'; });
}

// A query without the parameter `name`; other bytes stay as they are.
std::string WithoutParameter(std::string_view url, std::string_view name) {
  const size_t question = url.find('?');
  if (question == std::string_view::npos) return std::string(url);
  std::string result(url.substr(0, question));
  char joint = '?';
  for (const std::string_view part : Split(url.substr(question + 1), '&')) {
    if (EqualsIgnoreAsciiCase(part.substr(0, part.find('=')), name)) continue;
    result.push_back(joint);
    result.append(part);
    joint = '&';
  }
  return result;
}

bool HasParameter(std::string_view url, std::string_view name, std::string_view value) {
  const size_t question = url.find('?');
  if (question == std::string_view::npos) return false;
  for (const std::string_view part : Split(url.substr(question + 1), '&')) {
    const size_t equals = part.find('=');
    if (!EqualsIgnoreAsciiCase(part.substr(0, equals), name)) continue;
    if (value.empty() ||
        (equals != std::string_view::npos && EqualsIgnoreAsciiCase(part.substr(equals + 1), value)))
      return true;
  }
  return false;
}

// The parts of an address in lower case, which must outlive them.
struct Parts {
  std::string_view host, path, query;  // the host of an absolute one
  std::string_view folder, file;       // of the path; of /count/?id=7 the folder's own program
  bool asks = false;                   // there is a '?'
};

Parts ReadParts(std::string_view address, std::string& lower) {
  lower = ToAsciiLower(address.substr(0, address.find('#')));
  Parts parts;
  std::string_view rest = lower;
  if (const size_t slashes = rest.find("//"); slashes != std::string_view::npos && (slashes == 0 || (slashes <= 6 && rest[slashes - 1] == ':'))) {
    rest.remove_prefix(slashes + 2);
    const size_t end = std::min(rest.find_first_of("/?"), rest.size());
    parts.host = rest.substr(0, end);
    parts.host = parts.host.substr(0, parts.host.find(':'));
    rest.remove_prefix(end);
  }
  const size_t question = rest.find('?');
  parts.asks = question != std::string_view::npos;
  parts.path = rest.substr(0, question);
  if (parts.asks) parts.query = rest.substr(question + 1);
  const std::string_view trimmed = parts.path.ends_with('/') ? parts.path.substr(0, parts.path.size() - 1) : parts.path;
  const size_t slash = trimmed.rfind('/');
  if (slash != std::string_view::npos) parts.folder = trimmed.substr(0, slash);
  parts.file = trimmed.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return parts;
}

bool HasAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// What is in all addresses of counters. Every link of every page is looked at: one pass, by the words' first two letters.
class CountingWords {
 public:
  CountingWords() {
    for (const std::string_view word : kWords) pairs_.set(Pair(word, 0));
  }
  bool In(std::string_view lower) const {
    for (size_t i = 0; i + 1 < lower.size(); ++i) {
      const auto begins = [rest = lower.substr(i)](std::string_view word) { return word[0] == rest[0] && word[1] == rest[1] && rest.starts_with(word); };
      if (pairs_.test(Pair(lower, i)) && std::any_of(kWords.begin(), kWords.end(), begins)) return true;
    }
    return false;
  }

 private:
  static constexpr std::array<std::string_view, 23> kWords = {"lick", "ount", "hit", "view", "read", "visit", "brows", "llcs", "djcs", "datainput", "statistic", "webdig",
                                                              "hm.baidu", "analytics", "cnzz", "51.la", "51yes", "eventtype", "online", "zan", "digg", "_ajax", "postviews"};
  static size_t Pair(std::string_view text, size_t at) { return static_cast<size_t>(static_cast<unsigned char>(text[at])) << 8 | static_cast<unsigned char>(text[at + 1]); }
  std::bitset<65536> pairs_;
};

// Whether anything of a counter may be in an address, in lower case: most have nothing of it, and are told by a look.
bool MayCount(std::string_view lower) {
  static const CountingWords words;
  return words.In(lower);
}

bool IsBeacon(const Parts& at) {
  for (const std::string_view host : {"hm.baidu.com", "google-analytics.com", "cnzz.com", "51.la", "51yes.com"}) {
    if (at.host.ends_with(host) && (at.host.size() == host.size() || at.host[at.host.size() - host.size() - 1] == '.')) return true;
  }
  if (HasAny(at.path, {"/addclicktimes.jsp", "/datainput.jsp", "/visitcount/visit.jsp", "/interface/visit.jsp", "/channel_view.jspx", "/flow_statistic.jspx",
                       "/ss.hits/", "/webdig.js", "addcontenthits"})) {
    return true;
  }
  if (at.path.ends_with("/_visitcount") || at.query.find("action=postviews") != std::string_view::npos) return true;
  // Prints the number where it is asked to, and else nothing; it counts all the same.
  return at.path.find("/plus/count.php") != std::string_view::npos && at.query.find("view=yes") == std::string_view::npos;
}

// Counters of something else than an article's readings: votes, comments, readers who are there now.
bool CountsOther(const Parts& at) {
  const bool program = at.asks || HasAny(at.file, {".asp", ".php", ".jsp", ".ashx", ".do", ".action"});
  return program && (HasAny(at.path, {"sharecount", "commentcount", "comment_count", "online.asp", "online.php", "dianzan", "zan.php", "digg", "webdig", "flow_statistic"}) ||
                     at.query.find("eventtype=") != std::string_view::npos || at.query.find("digg") != std::string_view::npos);
}

// A file's name by which home-made counters are known: hits.asp, getclick.php, viewCount.do, AspCms_VisitsAdd.asp.
bool NamesCount(std::string_view file) {
  return HasAny(file, {"hits", "hit.", "click", "viewcount", "viewnum", "viewtimes", "readcount", "readnum", "readtimes", "visitnum", "visitcount", "visits", "browse",
                       "pageview", "getcount", "count.asp", "count.php", "count.do", "count.jsp", "count.ashx", "addread", "getread", "llcs", "djcs", "getviews",
                       "updateviews"}) ||
         file == "count" || file == "views" || file == "hit" || file == "counter";
}

bool IsProgram(std::string_view file) {
  return HasAny(file, {".asp", ".php", ".jsp", ".ashx", ".do", ".action", ".asmx"}) || file.find('.') == std::string_view::npos;
}

// Home-made ones: hits.asp?id=, click.php?newsid=, /api/hits/123.
bool IsHomeMade(const Parts& at) {
  if (at.asks) {
    // ?c=api&m=hits&id=7 names it in the query.
    const bool named = NamesCount(at.file) || HasAny(at.query, {"=hits", "=click", "=getclick", "=viewcount", "=addhits", "=gethits"});
    return IsProgram(at.file) && named && HasAny(at.query, {"id=", "guid=", "aid", "no="});
  }
  // /api/hits/7, /info_views/7 (Jspxcms), /article/click/id/7.html (ThinkPHP).
  const std::string_view number = at.file.ends_with(".html") ? at.file.substr(0, at.file.size() - 5) : at.file;
  if (!IsNumber(number) || at.folder.empty()) return false;
  const std::string_view before = at.folder.ends_with("/id") ? at.folder.substr(0, at.folder.size() - 3) : at.folder;
  const std::string_view name = before.substr(before.rfind('/') + 1);
  return name.find('.') == std::string_view::npos && (NamesCount(name) || name.ends_with("_views"));
}

}  // namespace

bool IsBeacon(std::string_view address) {
  if (address.size() > limits::kMaxUrlBytes) return false;
  std::string lower = ToAsciiLower(address);
  return MayCount(lower) && IsBeacon(ReadParts(address, lower));
}

std::optional<Counter> CounterAt(std::string_view address) {
  if (address.empty() || address.size() > limits::kMaxUrlBytes) return std::nullopt;
  std::string lower = ToAsciiLower(address);
  if (!MayCount(lower)) return std::nullopt;
  const Parts at = ReadParts(address, lower);
  const auto has = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  const auto is = [](const Provider& provider, std::string url) {
    return Counter{std::move(url), provider.kind, provider.method, provider.side_effect, provider.semantics};
  };
  const auto as_it_is = [&](const Provider& provider) { return is(provider, std::string(address)); };
  if (has("/e/public/viewclick")) {
    // ViewMore.php tells several numbers at once and says which by a parameter each; elsewhere down=1…7 are downloads, comments and votes.
    if (has("viewmore.php")) {
      if (!HasParameter(address, "onclick", "1")) return std::nullopt;
    } else if (HasParameter(address, "down", "") && !HasParameter(address, "down", "0")) {
      return std::nullopt;
    }
    return is(kEmpire, WithoutParameter(address, "addclick"));
  }
  if (IsBeacon(at)) return std::nullopt;
  if (has("/plus/count.php")) return is(kDede, WithoutParameter(address, "mid"));
  if (has("api.php?") && HasParameter(address, "op", "count")) return as_it_is(kPhpcms);
  if (has("include/hits.php")) return as_it_is(kMetInfo);
  if (has("submit_ajax.ashx") && has("view_article_click")) return is(kDtcms, WithoutParameter(WithoutParameter(address, "click"), "hide"));
  if (has("/common/gethits.asp") || (has("gethits.asp") && has("articleid="))) return as_it_is(kPowerEasy);
  if (has("/item/gethits.asp")) return as_it_is(HasParameter(address, "action", "count") ? kKesionCount : kKesion);
  if (has("upclicktimes.as")) return as_it_is(kEpoint);
  if (has("/artcount/artcount.jsp")) return as_it_is(kHanweb);
  if (has("/visitcount/articlehits.jsp")) return as_it_is(kHanwebHits);
  if (has("/click/dynclicks.jsp") || has("/click/dynclicksbatch.jsp")) return as_it_is(kVsb);
  if (has("/click/clicktimes.jsp") && HasParameter(address, "type", "wbnews")) return as_it_is(kVsb);
  if (has("/_visitcountdisplay")) return as_it_is(kSudy);
  if (has("/stl/actions/hits")) return as_it_is(kSscms);
  if (has("/content_view.jspx")) return as_it_is(kJeecms);
  if (has("aspcms_visitsadd")) return as_it_is(kAspcms);
  if (!CountsOther(at) && IsHomeMade(at)) return as_it_is(kGeneric);
  return std::nullopt;
}

bool CountsWhenLoaded(std::string_view address) {
  if (address.size() > limits::kMaxUrlBytes) return false;
  std::string lower = ToAsciiLower(address);
  if (!MayCount(lower)) return false;
  const Parts at = ReadParts(address, lower);
  if (IsBeacon(at) || CountsOther(at) || CounterAt(address)) return true;
  // Others of a provider's that count: what was downloaded, what was voted for.
  if (HasAny(at.path, {"/public/viewclick", "/click/clicktimes.jsp", "submit_ajax.ashx"})) return true;
  // Without an article's number: which one is meant is told by the page that is named as the referrer.
  const std::string_view stem = at.file.substr(0, at.file.find('.'));
  const bool named = stem == "hits" || stem == "hit" || stem == "gethits" || stem == "click" || stem == "clicks" || stem == "count" || stem == "counter";
  return named && at.file.size() > stem.size() && IsProgram(at.file);
}

std::optional<std::string> AddressOfCall(std::string_view call, const std::vector<std::string>& arguments) {
  const std::string folder = "/system/resource/code/news/click/";
  const auto argument = [&](size_t i) { return i < arguments.size() ? std::string_view(arguments[i]) : std::string_view(); };
  if (call == "_showDynClicks") {
    if (!IsWord(argument(0)) || !IsNumber(argument(1)) || !IsNumber(argument(2))) return std::nullopt;
    return folder + "dynclicks.jsp?clickid=" + arguments[2] + "&owner=" + arguments[1] + "&clicktype=" + arguments[0];
  }
  if (call == "getClickTimes") {
    // The same function tells how often an attachment was loaded: type wbnewsfile.
    if (!IsNumber(argument(0)) || !IsNumber(argument(1)) || argument(2) != "wbnews") return std::nullopt;
    std::string address = folder + "clicktimes.jsp?wbnewsid=" + arguments[0] + "&owner=" + arguments[1] + "&type=wbnews";
    if (IsWord(argument(3))) address += "&randomid=" + arguments[3];
    return address;
  }
  if (call == "_showDynClickBatch") {
    if (!IsWord(argument(2)) || !IsNumber(argument(3))) return std::nullopt;
    std::string ids;
    for (const std::string_view part : Split(argument(1), ',')) {
      const std::string_view id = TrimAscii(part);
      if (!IsNumber(id)) return std::nullopt;
      ids += (ids.empty() ? "" : ",") + std::string(id);
    }
    return folder + "dynclicksbatch.jsp?clickids=" + ids + "&owner=" + arguments[3] + "&clicktype=" + arguments[2];
  }
  return std::nullopt;
}

}  // namespace fangzhi::model
