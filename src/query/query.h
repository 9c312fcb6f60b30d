// query/: the read side. One function a question of the interface; each answers from one snapshot, as JSON with the interface's keys
// (cli/ prints it, later the HTTP API sends it). No terminal, no files of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/json.h"
#include "store/store.h"

namespace fangzhi::query {

using model::Json;
// Called for each answer; false stops.
using Sink = std::function<bool(const Json&)>;

struct ShowOptions {
  std::optional<uint32_t> version;  // default: the latest
  std::optional<UtcTime> at;        // the version that was current then
};
// The record of one version, with "version", "captured", "state", "last_seen" added. `clicks` is the last count
// observed while the version was current ("clicks_seen" says when); "clicks_reason" why there is none: not_published, counter_would_increment (asking
// counts), counter_not_asked, "counter_failed: http_500", counter_gave_no_number. kNotFound names the URL.
// "tls_unverified" says why the server that gave it was not proved to be its host; null: it was, or there was no TLS.
// With `at`, "state" and "last_seen" are those of that time, and "absent" ({"state","not_before","from","until","evidence"}, as Life tells it) says where the
// page was not there then: the version is the last that was seen before. Whether it was there between `not_before` and `from` is not known.
// "uncertain" ({"not_before","time","state","version"}) is there where the time lies between the last visit that saw the page as it is shown and the first that saw
// it otherwise: at some moment after `not_before` and at or before `time` it came into `state`, with content as `version`; at the time asked for it may have been either.
// Of an article in several parts, whose record names `next_page`, the text, the attachments and the pictures are those of all its parts, as
// they were when this version was last current, with `at` as they were then; "parts" names the others ({"url","version","captured"}, in order, a hundred at
// most; "tls_unverified" where there is a reason; "absent", as above, where the part is not there any more, or was not then: its text is what was seen
// before; "uncertain" of the part, as above), and "next_page" the part that is not in the archive, or null where the article is whole. "truncated": the response was cut, or such a part is
// missing, and then "missing_part" is {"url","reason"}: http_500, "never asked for".
Result<Json> Show(const store::Archive& archive, std::string_view url, const ShowOptions& options);
// The version entry that Show would show: for raw and html.
Result<store::VersionEntry> FindVersion(const store::Archive& archive, std::string_view url, const ShowOptions& options);
// The other parts of the article that `version`, which `options` chose, begins, in order, as Show shows them; empty for most pages.
Result<std::vector<store::VersionEntry>> FindParts(const store::Archive& archive, std::string_view url, const store::VersionEntry& version, const ShowOptions& options);
// {"url","version","time","not_before","last_seen","status","changed":[…],"digest","payload_digest","title","tls_unverified"}; oldest first.
Result<void> History(const store::Archive& archive, std::string_view url, const Sink& sink);
// The page's life from its visits, oldest first: {"url","state","not_before","from","until","visits","version","evidence","tls_unverified"}. It entered the
// state after `not_before` (null: nothing was known before) and at or before `from`, and was last seen in it at `until`. States: "listed",
// "present", "suspect", "gone", "moved", and what stood in the way: "blocked:…", "unreachable:…", "throttled", "site_down",
// "error_page", "emptied", "needs_js" (docs/ledger.md). "tls_unverified": why a server was not proved to be its host, of the last visit that was to such a one. An edit begins a new "present" with the next version; what comes back after "gone" is "restored" the first time.
Result<void> Life(const store::Archive& archive, std::string_view url, const Sink& sink);
// {"url","a":1,"b":2,"fields":[{"field","before","after"}],"body":[{"kind":"equal|delete|insert","text"}]}
Result<Json> Diff(const store::Archive& archive, std::string_view url, std::optional<uint32_t> a, std::optional<uint32_t> b);
// {"time","clicks","basis"}; oldest first.
Result<void> Clicks(const store::Archive& archive, std::string_view url, const Sink& sink);

struct ListOptions {
  std::vector<std::string> sites;  // empty: all
  std::string from, to;
  std::optional<uint64_t> limit;
  std::string kind;  // "": every record; or one page kind; further parts of articles are left out. "all": these too
};
// {"url","site","title","published","source","clicks","kind","part_of","copy_of","versions","state","first_seen","last_seen"}
Result<void> List(const store::Archive& archive, const ListOptions& options, const Sink& sink);

struct ChangesOptions {
  std::optional<UtcTime> since;
  // new, edited, gone, restored, moved: of pages; blocked, unreachable, reachable, redesign_suspected: of hosts. "" = those of pages
  std::string kind;
  std::vector<std::string> sites;  // empty: all
  bool all_pages = false;  // also list and home pages
  std::optional<uint64_t> limit;
};
// {"kind","time","not_before","recorded","url","site","title","page_kind","version","changed","evidence","to","part_of","copy_of"}; newest first. `part_of`: the first part of the
// article of which the page was a further one; `copy_of`: the page where the archive has the same article, as List tells it.
Result<void> Changes(const store::Archive& archive, const ChangesOptions& options, const Sink& sink);

struct LostOptions {
  std::optional<UtcTime> from, to;
  std::vector<std::string> sites;  // empty: all
  // "gone": declared so; "suspect": absent, not yet proved; "unlisted": alive, but no list names it any more; "" = gone.
  std::string what;
  std::optional<uint64_t> limit;
};
// What disappeared in a time that touches [from, to], newest first for "gone": {"url","site","title","published","what","not_before","time",
// "recorded","evidence","version","last_seen","state","listed","unlisted_since","restored","part_of"}. `version` is the last good one. A further part of
// an article ("part_of") is told where its article is still there, and its text is not in it.
Result<void> Lost(const store::Archive& archive, const LostOptions& options, const Sink& sink);
// `copy_of`: the page where the archive has the same article (store::IndexReader::CopyOf).
// "articles" counts each once: "parts" are further pages of articles, "copies" have a `copy_of`.
// {"pages","versions","visits"…,"by_site":{…},"by_kind":{…},"by_charset":{…},"repairs":{…},"tls_unverified":{reason: pages by their latest version},"bytes","field_coverage":{…}}; the
// coverage of "clicks" counts articles whose page shows a number or whose counter answered one, as List and Show tell it.
Result<Json> Stats(const store::Archive& archive);

}  // namespace fangzhi::query
