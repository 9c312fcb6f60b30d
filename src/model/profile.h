// Profile: what is known of one family of content management systems, as data. config/ reads it from TOML; the families that the
// program knows by itself are compiled in from config/profiles/. Immutable after loading; share by shared_ptr<const Profile>.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/site.h"

namespace fangzhi::model {

struct Profile {
  std::string id;    // "vsb": of the file's name
  std::string name;  // for people: "VSB / webber (博达)"

  // Fingerprints. Each kind that is found counts with its weight (profiles/); one strong or two weak ones make a match.
  std::vector<std::string> generators;  // found anywhere in <meta name=generator>, whatever the case
  std::vector<std::string> scripts;     // found anywhere in the address of a script, style sheet, frame or image
  std::vector<std::string> calls;       // found anywhere in an inline script
  std::vector<std::string> comments;    // found anywhere in a comment
  std::vector<std::string> elements;    // exact: ".class", "#id" or the name of an element
  std::vector<std::string> metas;       // exact names of <meta>, in lower case
  std::vector<std::shared_ptr<const UrlPattern>> paths;  // of the page's own address

  // Addresses of the family: what they lead to, where their form alone does not tell.
  std::vector<std::shared_ptr<const UrlPattern>> articles, lists, traps;
  std::vector<std::shared_ptr<const UrlPattern>> never;  // requests that only count: never made
  // Interfaces that answer a list's rows to a POST and do nothing else. No other address is ever asked by POST for a list.
  std::vector<std::shared_ptr<const UrlPattern>> list_posts;

  SiteSelectors selectors;  // for pages that match; a site entry's own come first

  // Told to people: how the family's lists are paged, and what asking its counter does.
  std::string list_dialect, counter_kind, counter_effect, notes;
  std::string origin;  // "config/profiles/vsb.toml", or "built in"
};

using Profiles = std::vector<std::shared_ptr<const Profile>>;

}  // namespace fangzhi::model
