#include "links/links.h"

#include "links/collector.h"

namespace fangzhi::links {

std::vector<model::Link> FindLinks(const LinkInput& input, model::ListFacts* list) {
  Collector collector(input.page_url, BaseUrl(input.document, input.page_url), input.query_encoder, input.profile, input.families);
  collector.Walk(input.document, true);
  const std::string target = LeadsOn(input, 3600).target;
  if (!target.empty()) collector.Add(target, Source::kPage);
  std::vector<model::Link> links = collector.Finish(list);
  for (model::Link& link : links) link.redirect = !target.empty() && link.url == target;
  return links;
}

}  // namespace fangzhi::links
