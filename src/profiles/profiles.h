// profiles/: which family of content management systems made a page, and by what it is known. Families are data (model::Profile);
// nothing here knows any of them. One pass over the document, cost independent of the number of families but for the texts that are
// looked for in scripts and comments. Pure, thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "html/html.h"
#include "model/profile.h"
#include "url/url.h"

namespace fangzhi::profiles {

struct Match {
  std::shared_ptr<const model::Profile> profile;
  int weight = 0;                     // of the evidence together; kEnough and more is a match
  std::vector<std::string> evidence;  // "call _showDynClicks", "class p_pages": what was found, strongest first
  std::string Reason() const;         // in one line
};

// Weight that makes a match: one generator, call or comment; or two of the weaker kinds.
inline constexpr int kEnough = 3;

// Prepared for many pages: the fingerprints of all families together. Keeps the families alive.
class Matcher {
 public:
  explicit Matcher(model::Profiles profiles);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // Families with any evidence, most of it first; equal ones in the order in which they were given.
  std::vector<Match> Find(const html::Document& document, const url::Url& page_url) const;
  // The best of them, nullptr in `profile` where none has enough.
  Match Best(const html::Document& document, const url::Url& page_url) const;
  const model::Profiles& profiles() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fangzhi::profiles
