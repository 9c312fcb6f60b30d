// What is answered over HTTP: the JSON API, the metrics and the page for people (docs/api.md). Functions of what is known; no threads.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/time.h"
#include "crawl/crawl.h"
#include "model/json.h"
#include "serve/http_server.h"
#include "store/store.h"

namespace fangzhi::serve {

struct MetricsInput {
  model::Json status;                           // as Status
  std::map<std::string, crawl::Summary> totals;  // by site, since the process began
};
// Prometheus' text format, version 0.0.4.
std::string MetricsText(const MetricsInput& input);

// The page at /: every site, the broken ones first, and why.
std::string StatusPage(const model::Json& status);

// /, /api/status, /api/sites, /api/runs, /api/report, /report. GET and HEAD only.
HttpAnswer AnswerApi(const HttpRequest& request, const store::Archive& archive, UtcTime now, const std::function<model::Json()>& status);

}  // namespace fangzhi::serve
