#include "links/links.h"

#include "links/collector.h"

namespace fangzhi::links {

std::vector<model::Link> FindLinks(const LinkInput& input, model::ListFacts* list) {
  Collector collector(input.page_url, BaseUrl(input.document, input.page_url), input.query_encoder, input.profile);
  collector.Walk(input.document, true);
  if (const std::string target = MetaRefreshTarget(input, 3600); !target.empty()) collector.Add(target, Source::kPage);
  return collector.Finish(list);
}

}  // namespace fangzhi::links
