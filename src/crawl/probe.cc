// One page, fetched and processed without an archive: what `site test` shows.
#include <map>

#include "crawl/crawl.h"
#include "fetch/fetch.h"
#include "http/http.h"
#include "process/process.h"
#include "url/url.h"

namespace fangzhi::crawl {

Result<Probe> ProbePage(const model::Site& site, const config::Settings& settings, const std::string& url_text) {
  FZ_ASSIGN(url::Url at, url::Canonical(url_text));
  const SystemClock clock;
  fetch::FetcherOptions options;
  options.user_agent = UserAgent(settings);
  FZ_ASSIGN(auto fetcher, fetch::Fetcher::Create(std::move(options), clock));
  Probe probe;
  constexpr int kRedirects = 5;
  http::ResponseHead head;
  for (int hop = 0; hop <= kRedirects; ++hop) {
    fetch::FetchRequest request;
    request.id = 1;
    request.url = at.HrefWithoutFragment();
    request.allow_private = site.allow_private;
    request.timeout = site.timeout;
    fetcher->Submit(std::move(request));
    std::vector<fetch::FetchResult> results;
    while (results.empty()) results = fetcher->Poll(std::chrono::milliseconds(1000));
    probe.capture = std::move(results.front().capture);
    if (!model::HasResponse(probe.capture.outcome)) {
      return Fail(ErrorKind::kNetwork,
                  std::string(model::FetchOutcomeName(probe.capture.outcome)) + ": " + probe.capture.error, probe.capture.url);
    }
    FZ_ASSIGN(head, http::ParseResponseHead(probe.capture.response_head));
    const auto location = head.fields.Get("Location");
    if (probe.capture.status < 300 || probe.capture.status >= 400 || !location) break;
    auto next = url::Canonical(*location, &at);
    if (!next) break;
    at = std::move(*next);
  }

  process::PageInput input;
  const std::string content_type(head.fields.Get("Content-Type").value_or(""));
  const std::string content_encoding = head.fields.GetAll("Content-Encoding");
  input.url = probe.capture.url;
  input.content_type = content_type;
  input.content_encoding = content_encoding;
  input.payload = probe.capture.payload;
  input.status = probe.capture.status;
  input.site = &site;
  process::ProcessedPage page = process::ProcessPage(input);
  std::map<std::string, uint64_t> kinds;
  for (const model::Link& link : page.links) ++kinds[std::string(model::LinkKindName(link.kind))];
  probe.page = model::Json{{"url", url_text},
                           {"final_url", probe.capture.url},
                           {"status", probe.capture.status},
                           {"bytes", probe.capture.payload.size()},
                           {"milliseconds", probe.capture.duration.count()},
                           {"content_type", content_type.empty() ? model::Json(nullptr) : model::Json(content_type)},
                           {"charset", page.decoded.charset},
                           {"declared", model::OrNull(page.decoded.declared)},
                           {"detected", model::OrNull(page.decoded.detected)},
                           {"charset_basis", page.decoded.basis},
                           {"charset_confidence", page.decoded.confidence},
                           {"decode_errors", page.decoded.errors},
                           {"record", model::ToJson(page.record)}};
  probe.page["links"] = model::Json::object();
  for (const auto& [kind, count] : kinds) probe.page["links"][kind] = count;
  probe.page["problems"] = model::Json::array();
  for (const std::string& problem : page.problems) probe.page["problems"].push_back(problem);
  return probe;
}

}  // namespace fangzhi::crawl
