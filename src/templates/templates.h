// templates/: what the pages of one site have in common. Texts that stand on many of them are the site's frame, what differs is content.
// A page that comes back without the frame it had is a sign that the site was redesigned. A bounded structure: hashes of texts with
// counts. Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "html/html.h"
#include "model/json.h"
#include "model/page.h"

namespace fangzhi::templates {

// The texts of a page, each once, white space aside, as hashes in ascending order; at most kMostTexts of them.
using Outline = std::vector<uint64_t>;
inline constexpr size_t kMostTexts = 1000;
Outline OutlineOf(const html::Document& document);
// The hash of one text, 0 for one that is too short to say anything.
uint64_t TextHash(std::string_view text);

class SiteTemplate {
 public:
  // Takes a page in. `revisited`: it was seen before and has changed; only such pages tell of a redesign, for a column that is new to us
  // has texts that are new to us. `when` is a time for people, kept with a redesign.
  void Observe(const Outline& outline, bool revisited, std::string_view when);

  // Whether a page that was seen before came back without the frame of its site. False while that is not known.
  bool LostFrame(const Outline& outline) const;

  // True when enough pages were seen for the frame to be told from content.
  bool Learned() const;
  // Whether a text is of the frame.
  bool IsFrame(uint64_t text) const;
  // How many of a page's texts are.
  size_t FrameTexts(const Outline& outline) const;

  // What the template says of an article's record, once it has learned: a title or a text that stands on no other page is the surer for it, one of
  // the frame is doubted (record.confidence, record.conflicts). Changes no field.
  void Confirm(model::PageRecord& record) const;

  // {"pages", "frame_texts", "mean_frame_texts", "misfits", "redesign_suspected", "redesigned"}: for people, and for whoever must decide whether
  // absences are the site's or ours. `redesign_suspected`: the last revisited pages had lost their frame. `redesigned`: when that was last so.
  model::Json Facts() const;
  bool redesign_suspected() const { return misfits_ >= kMisfits; }

  // The texts that matter and the counts, one line. nullopt for what is no such line.
  std::string Serialise() const;
  static std::optional<SiteTemplate> Parse(std::string_view line);

  static constexpr uint32_t kMisfits = 5;  // revisited pages in a row without the frame

 private:
  struct Count {
    uint32_t pages = 0;
    uint64_t first = 0, last = 0;  // the pages that had it first and last, by number
  };
  // A text of the frame that is no newcomer: what a page that was seen before should still have.
  size_t EstablishedTexts(const Outline& outline) const;
  void Prune();
  uint32_t FrameCount() const;

  uint64_t pages_ = 0;
  double mean_frame_ = 0;  // texts of the frame that a page has
  uint32_t misfits_ = 0;
  std::string redesigned_;
  std::unordered_map<uint64_t, Count> texts_;
};

// Where a site's template is kept in the state area.
std::string StateKey(std::string_view site);

}  // namespace fangzhi::templates
