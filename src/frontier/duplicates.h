// Addresses that differ and show the same: a query parameter that makes no difference, a second scheme or host, upper and lower case. Learned for each site from the
// content of its articles and attachments, told in reports, taken back at the first sign of a difference. docs/scheduling.md, "Duplicates".
//
// A rule holds for addresses of one shape: host, path with its numbers replaced, names of the query's parameters. It says nothing of others of
// the site. Bounded in memory, whatever the site shows. Pure; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/json.h"

namespace fangzhi::frontier {

// So many different contents must each have been seen at two addresses before a rule holds.
inline constexpr size_t kContentsOfParameter = 5, kContentsOfMirror = 8;
// Before every value of a parameter is taken to make no difference, so many must have been seen to make none.
inline constexpr size_t kValuesOfParameter = 5;

class Duplicates {
 public:
  // Takes in what a page showed: a hash of its content; 0 says nothing. True when a rule has begun or ended to hold.
  bool Observe(std::string_view url, uint64_t content, UtcTime time);
  // The address for which this one stands by the rules that hold; nullopt where it stands for itself.
  std::optional<std::string> Fold(std::string_view url) const;
  // One in thirty-two addresses is never folded: what those show goes on testing the rules.
  static bool IsCheck(std::string_view url);

  bool any_rule() const { return !mirror_to_.empty() || parameter_rules_ > 0 || spelling_rules_ > 0; }
  // There is evidence that was not serialised yet.
  bool changed() const { return changed_; }
  // Of the rules that hold; empty when none does.
  std::string Fingerprint() const;
  // For people, one object a rule that holds or was taken back: "rule", "holds", "contents", "contradictions", "examples", "since".
  model::Json Facts() const;

  std::string Serialise();
  // Nothing is known where the text is none of ours.
  static Duplicates Parse(std::string_view text);

 private:
  // What speaks for one rule: the contents that were seen at both addresses, each once. A contradiction takes all of it away, and the rule then
  // needs four times as many; after three it is never believed again.
  struct Proof {
    std::vector<uint64_t> contents;
    unsigned strikes = 0;
    bool holds = false, held = false;  // held: it did at some time
    void Agree(uint64_t content, size_t needed);
    bool Suffices(size_t needed) const;
    void Contradict();
  };
  struct Evidence {
    Proof all;                             // of a parameter: whatever its value
    std::map<std::string, Proof> values;   // a value that is the same as none at all
    std::vector<uint64_t> distinct_values; // hashes
    std::string to;                        // of a mirror that holds: the origin that stays
    std::array<std::string, 2> examples;
    std::string since;                     // when it last began or ended to hold
  };
  // What was seen at one address of a class: addresses that may show the same.
  struct Seen {
    std::string variant, value;  // the origin and the path; or the parameter that the class leaves out (empty: there is none to leave out) and its value
    uint64_t content = 0;
    UtcTime time{};
    std::string url;
  };
  // Two generations: when the younger is full, the elder is forgotten.
  using Classes = std::unordered_map<uint64_t, std::vector<Seen>>;

  std::vector<Seen> SeenIn(uint64_t class_key) const;
  void Remember(uint64_t class_key, Seen seen);
  Evidence* EvidenceFor(const std::string& key, const Seen& before, const Seen& now);
  // What speaks for the rule at `key`, to which these two are to be added; nullptr where they say nothing of it, or there is no room.
  Evidence* Weigh(const std::string& key, const Seen& before, const Seen& now);
  // Of a rule that takes no value apart: adds these two. Gives the evidence where the rule has begun or ended to hold by that, else nullptr.
  Evidence* CompareWhole(const std::string& key, size_t needed, const Seen& before, const Seen& now);
  bool CompareMirrors(std::string_view shape, const Seen& before, const Seen& now);
  bool CompareParameter(const std::string& key, const Seen& before, const Seen& now);
  void IndexRules();

  std::map<std::string, Evidence> evidence_;  // by kind, host or origins, shape, name: one a line
  std::map<std::string, uint64_t> origins_;   // pages seen of each
  Classes young_, old_;
  std::unordered_map<std::string, std::string> mirror_to_;  // rules that hold: origin and shape → origin
  size_t parameter_rules_ = 0, spelling_rules_ = 0;
  bool changed_ = false;
};

// Where a site's are kept in the state area.
std::string DuplicatesKey(std::string_view site);
// Where is noted which address stands for others that are folded into one that was never asked for.
std::string StandInKey(std::string_view site, std::string_view folded_url);

}  // namespace fangzhi::frontier
