#include "templates/templates.h"

#include <algorithm>
#include <cmath>

#include "base/digest.h"
#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::templates {
namespace {

// Pages before anything is said; a text of the frame stands on 3 pages at least and on one in twenty.
constexpr uint64_t kFewPages = 12;
constexpr uint32_t kFewTimes = 3;
constexpr double kFrameShare = 0.05;
// Texts that are remembered, and to how many they are cut when there are twice as many.
constexpr size_t kMostRemembered = 4096;
// Texts that are written.
constexpr size_t kMostWritten = 512;
// Counts are halved here, so that what a site was years ago fades.
constexpr uint64_t kFadeAfter = 2000;
// A text is a newcomer for so many pages.
constexpr uint64_t kNewcomer = 50;
// A page with less than this of the usual frame has lost it: what a new design leaves are labels that all sites share, 首页, 当前位置, 来源. A column with a
// template of its own, which a mean over all columns does not know, looks the same, above all on a small site. So this is a measure of one page and no
// verdict: the ledger takes it for a redesign only where most of the articles that came back in a run say so. A frame of fewer texts says nothing.
// Measured on the sample portal, 240 articles in eight columns, four seeds: what comes back in the frame that it had keeps 0.79 of the mean at least (0.84
// without the banners and rankings that stand on some pages and not on others); after a redesign in place the median is 0.31, and 0.47 where that noise
// stands in both frames. Below 0.6 lie all of the pages with the new frame, 93 % with noise (70 % at 0.5), and none with the old one.
constexpr double kLostShare = 0.6;
constexpr double kSmallFrame = 5;

}  // namespace

uint64_t TextHash(std::string_view text) {
  // Over what is no white space.
  uint64_t hash = kFnv1aBegin;
  size_t characters = 0;
  const auto follows = [text](size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0xE4 && lead <= 0xE9 && at + 2 < text.size() && follows(at + 1) && follows(at + 2)) {
      at += 3;  // U+4000 to U+9FFF: no white space among them, and nearly all of a page's texts
    } else if (text::IsSpace(text::DecodeUtf8(text, at))) {
      continue;
    }
    ++characters;
    hash = Fnv1a(text.substr(begin, at - begin), hash);
  }
  if (characters < 2) return 0;
  return hash == 0 ? 1 : hash;
}

Outline OutlineOf(const html::Document& document) {
  static const uint16_t script = html::Tag("script"), style = html::Tag("style"), head = html::Tag("head");
  Outline outline;
  const std::span<const html::Node> nodes = document.nodes();
  for (html::NodeIndex i = 0; i < nodes.size() && outline.size() < 4 * kMostTexts;) {
    const html::Node& node = nodes[i];
    if (node.type == html::NodeType::kElement && (node.tag == script || node.tag == style || node.tag == head)) {
      i = node.end;
      continue;
    }
    if (node.type == html::NodeType::kText) {
      // Most texts of a page are those of the page before.
      thread_local RecentAnswers<uint64_t, 2048> known;
      if (const uint64_t hash = known.Get(node.text, TextHash); hash != 0) outline.push_back(hash);
    }
    ++i;
  }
  std::sort(outline.begin(), outline.end());
  outline.erase(std::unique(outline.begin(), outline.end()), outline.end());
  if (outline.size() > kMostTexts) outline.resize(kMostTexts);
  return outline;
}

uint32_t SiteTemplate::FrameCount() const {
  return std::max(kFewTimes, static_cast<uint32_t>(static_cast<double>(std::min(pages_, kFadeAfter)) * kFrameShare));
}

void SiteTemplate::Confirm(model::PageRecord& record) const {
  if (!Learned() || record.kind != model::PageKind::kArticle) return;
  const auto say = [&record](const char* field, bool frame, const std::string& doubt) {
    const auto known = record.confidence.find(field);
    const double before = known == record.confidence.end() ? 0.8 : known->second;
    // Halfway to certainty, or half as sure.
    record.confidence[field] = std::round((frame ? before / 2 : before + (1 - before) / 2) * 100) / 100;
    if (!frame) return;
    std::string& conflict = record.conflicts[field];
    conflict += (conflict.empty() ? "" : "; ") + doubt;
  };
  if (record.title) {
    if (const uint64_t text = TextHash(*record.title); text != 0) say("title", IsFrame(text), "the site's other pages have it too");
  }
  size_t paragraphs = 0, frame = 0;
  for (const std::string_view line : Split(record.body, '\n')) {
    const uint64_t text = TextHash(line);
    if (text == 0) continue;
    ++paragraphs;
    frame += IsFrame(text);
  }
  if (paragraphs == 0) return;
  say("body", frame * 2 >= paragraphs, std::to_string(frame) + " of " + std::to_string(paragraphs) + " paragraphs stand on the site's other pages too");
}

bool SiteTemplate::Learned() const { return pages_ >= kFewPages; }

bool SiteTemplate::IsFrame(uint64_t text) const {
  const auto found = texts_.find(text);
  return found != texts_.end() && found->second.pages >= FrameCount();
}

size_t SiteTemplate::FrameTexts(const Outline& outline) const {
  return static_cast<size_t>(std::count_if(outline.begin(), outline.end(), [this](uint64_t text) { return IsFrame(text); }));
}

size_t SiteTemplate::EstablishedTexts(const Outline& outline) const {
  const uint32_t least = FrameCount();
  // New pages of a redesigned site come before old ones are visited again: their texts must not hide what was lost.
  const uint64_t age = std::min(kNewcomer, pages_ / 2);
  return static_cast<size_t>(std::count_if(outline.begin(), outline.end(), [&](uint64_t text) {
    const auto found = texts_.find(text);
    return found != texts_.end() && found->second.pages >= least && pages_ - std::min(pages_, found->second.first) >= age;
  }));
}

bool SiteTemplate::LostFrame(const Outline& outline) const {
  return Learned() && mean_frame_ >= kSmallFrame && static_cast<double>(EstablishedTexts(outline)) < kLostShare * mean_frame_;
}

void SiteTemplate::Observe(const Outline& outline, bool revisited, std::string_view when) {
  if (outline.empty()) return;
  if (Learned() && mean_frame_ >= kSmallFrame) {
    const bool lost = LostFrame(outline);
    if (lost && revisited) {
      // Not learned from, or it would soon be what it is compared with.
      if (++misfits_ < kMisfits) return;
      // What the site was is forgotten; it is learned anew from here. The suspicion stays until pages fit again.
      redesigned_ = when;
      texts_.clear();
      pages_ = 0;
      mean_frame_ = 0;
    } else if (!lost) {
      misfits_ = 0;
    }
  }
  ++pages_;
  for (const uint64_t text : outline) {
    Count& count = texts_[text];
    if (count.pages++ == 0) count.first = pages_;
    count.last = pages_;
  }
  if (Learned()) {
    const double weight = 1.0 / static_cast<double>(std::min<uint64_t>(pages_ - kFewPages + 1, 50));
    mean_frame_ += (static_cast<double>(EstablishedTexts(outline)) - mean_frame_) * weight;
  }
  if (texts_.size() > 2 * kMostRemembered) Prune();
  if (pages_ >= 2 * kFadeAfter) {
    pages_ /= 2;
    for (auto& [text, count] : texts_) count = {(count.pages + 1) / 2, count.first / 2, count.last / 2};
  }
}

void SiteTemplate::Prune() {
  std::vector<std::pair<uint64_t, Count>> all(texts_.begin(), texts_.end());
  std::nth_element(all.begin(), all.begin() + kMostRemembered, all.end(), [](const auto& a, const auto& b) {
    return a.second.pages != b.second.pages ? a.second.pages > b.second.pages : a.second.last > b.second.last;
  });
  all.resize(kMostRemembered);
  texts_ = std::unordered_map<uint64_t, Count>(all.begin(), all.end());
}

model::Json SiteTemplate::Facts() const {
  const uint32_t least = FrameCount();
  const auto frame = std::count_if(texts_.begin(), texts_.end(), [least](const auto& entry) { return entry.second.pages >= least; });
  return model::Json{{"pages", pages_},
                     {"frame_texts", Learned() ? model::Json(frame) : model::Json(nullptr)},
                     {"mean_frame_texts", Learned() ? model::Json(std::round(mean_frame_ * 10) / 10) : model::Json(nullptr)},
                     {"misfits", misfits_},
                     {"redesign_suspected", redesign_suspected()},
                     {"redesigned", redesigned_.empty() ? model::Json(nullptr) : model::Json(redesigned_)}};
}

std::string SiteTemplate::Serialise() const {
  std::vector<std::pair<uint64_t, Count>> all;
  for (const auto& entry : texts_) {
    // Before the frame is known, everything may be of it.
    if (entry.second.pages >= 2 || !Learned()) all.push_back(entry);
  }
  const auto first = [](const auto& a, const auto& b) {
    if (a.second.pages != b.second.pages) return a.second.pages > b.second.pages;
    return a.second.last != b.second.last ? a.second.last > b.second.last : a.first < b.first;
  };
  if (all.size() > kMostWritten) {
    std::nth_element(all.begin(), all.begin() + kMostWritten, all.end(), first);
    all.resize(kMostWritten);
  }
  std::sort(all.begin(), all.end(), first);
  model::Json json = Facts();
  json["mean"] = mean_frame_;
  // Hashes are strings: JSON's numbers are not exact to 64 bits. They are written as they are, without a tree of hundreds of values.
  std::string out = model::Dump(json);
  out.back() = ',';
  out += "\"texts\":[";
  for (const auto& [text, count] : all) {
    if (out.back() != '[') out += ',';
    out += "[\"" + std::to_string(text) + "\"," + std::to_string(count.pages) + ',' + std::to_string(count.first) + ']';
  }
  return out += "]}";
}

std::optional<SiteTemplate> SiteTemplate::Parse(std::string_view line) {
  const auto json = model::ParseJson(line);
  if (!json || !json->is_object()) return std::nullopt;
  const auto texts = json->find("texts");
  if (texts == json->end() || !texts->is_array()) return std::nullopt;
  SiteTemplate site;
  site.pages_ = static_cast<uint64_t>(std::clamp<int64_t>(model::GetInt(*json, "pages"), 0, 1'000'000));
  site.misfits_ = static_cast<uint32_t>(std::clamp<int64_t>(model::GetInt(*json, "misfits"), 0, 1'000'000));
  site.redesigned_ = model::GetString(*json, "redesigned");
  if (const auto mean = json->find("mean"); mean != json->end() && mean->is_number()) site.mean_frame_ = std::clamp(mean->get<double>(), 0.0, 1e6);
  for (const model::Json& entry : *texts) {
    if (site.texts_.size() >= kMostWritten || !entry.is_array() || entry.size() != 3 || !entry[0].is_string() || !entry[1].is_number_integer() || !entry[2].is_number_integer()) continue;
    const auto text = ParseUint(entry[0].get<std::string>());
    const int64_t pages = entry[1].get<int64_t>(), first = entry[2].get<int64_t>();
    if (text && pages > 0 && pages <= 1'000'000 && first >= 0) {
      site.texts_[*text] = {static_cast<uint32_t>(pages), std::min(static_cast<uint64_t>(first), site.pages_), site.pages_};
    }
  }
  return site;
}

std::string StateKey(std::string_view site) { return "t/" + std::string(site); }

}  // namespace fangzhi::templates
