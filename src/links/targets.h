// What a link leads to, as far as its address tells it alone. The pages of a site link to the same few hundred places (navigation, footers, the latest news):
// what was found out about them is kept from one page to the next. Internal to links/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "links/shape.h"
#include "model/profile.h"
#include "url/url.h"

namespace fangzhi::links {

struct Target {
  std::string href;     // as the page has it
  uint64_t scope = 0;   // of pages on which the same href has this target; 0: of this page alone
  bool leads = false;   // to something that can be asked for by http(s); where not, nothing below says anything
  bool never = false;   // a family's file names it among the requests that only count
  url::Url url;         // canonical
  std::string address;  // of `url`
  size_t address_hash = 0;
  Shape shape = Shape::kUnknown;
  std::string_view site;  // of the host (SiteOf), empty where there is none

  // Found out when first asked for.
  const std::string& Form();  // FormOf(url)
  size_t FormHash() { return Form(), form_hash_; }
  bool IsBeacon();           // model::IsBeacon(address)
  bool CountsWhenLoaded();   // model::CountsWhenLoaded(address)

 private:
  std::string form_;
  size_t form_hash_ = 0;
  std::optional<bool> beacon_, counts_;
};

// Tells the targets of one page's links.
class TargetReader {
 public:
  // `profile`, may be null: the family of the page, with forms of addresses of its own. `families`, may be null: all that are known.
  TargetReader(url::Url base, const url::QueryEncoder& query_encoder, const model::Profile* profile, const model::Profiles* families);

  // `hash` is that of `href`. Never null.
  std::shared_ptr<Target> Read(std::string_view href, size_t hash) const;
  Result<url::Url> Resolve(std::string_view href) const;

 private:
  uint64_t ScopeOf(std::string_view href) const;
  Shape ShapeInFamily(const url::Url& url, const std::string& address) const;

  const url::Url base_;
  const url::QueryEncoder& query_encoder_;
  const model::Profile* profile_;
  std::vector<const model::UrlPattern*> never_;  // requests that only count, as the families' files tell them
  // Scopes of addresses that are whole, that begin at the base's root, and that begin in its folder.
  uint64_t anywhere_ = 0, of_host_ = 0, of_folder_ = 0;
};

}  // namespace fangzhi::links
