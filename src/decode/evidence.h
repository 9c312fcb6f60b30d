// What a document shows before it is decoded: gathered in one pass over the whole of it, in pieces of any size, in a few hundred kilobytes of
// memory. Inside the station only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fangzhi::decode {

class Evidence {
 public:
  // How much of the beginning is kept as it is, for labels and for UTF-16.
  static constexpr size_t kHeadBytes = size_t{1} << 20;

  // `in_memory`: what Add is given stays there as long as the evidence. Only so much of it is looked through for the sample as is asked for.
  explicit Evidence(bool html, bool in_memory = false) : html_(html), in_memory_(in_memory) {}
  // Takes the next piece and gives how much of it was read: up to three bytes at its end may be asked for again, at the start
  // of the next piece, unless this one is the `last`.
  size_t Add(std::string_view piece, bool last);

  size_t size() const { return size_; }
  const std::string& head() const { return head_; }  // after a byte order mark, too
  bool nul() const { return nul_; }
  bool seven_bit() const { return !high_ && !nul_; }
  // Seven-bit documents: may hold escapes (ESC, or HZ's tilde and brace).
  bool escapes() const { return escapes_; }

  // UTF-8: well-formed sequences of two bytes, of three and four, and ill-formed ones. Beyond what a decision needs the good ones are
  // estimated.
  size_t two_byte() const { return two_byte_; }
  size_t longer() const { return longer_ + skipped_ / 4; }
  size_t bad() const { return bad_; }
  size_t good() const { return two_byte_ + longer(); }
  // So much of it is well-formed that nothing else needs to be weighed; `clean` where all of it is.
  bool reads_as_utf8() const { return clean_utf8() || (longer() >= 10 && good() >= 50 * bad()); }
  bool clean_utf8() const { return bad_ == 0 && longer() >= 12; }
  // Three sequences of three bytes stand in a row somewhere. Running text in GBK has hardly any.
  bool utf8_part() const { return utf8_part_; }

  // Stretches with bytes outside ASCII, from all over the document, one a line; and words in ASCII letters around them and elsewhere.
  // Both are empty where the document came in one piece and they are not needed: reads_as_utf8 or seven_bit.
  std::string Sample();
  // The sample's beginning, with at least so many bytes outside ASCII and to the end of a line; less where the first stretches of the document
  // have not so many.
  const std::string& SampleBeginning(size_t high);
  const std::string& plain();

 private:
  void WeighUtf8(std::string_view bytes);
  void CollectUntil(size_t high);
  size_t Collect(std::string_view bytes, size_t at, size_t high);

  bool html_, in_memory_;
  size_t size_ = 0;
  std::string head_;
  bool high_ = false;
  bool nul_ = false;
  bool escapes_ = false;
  char last_byte_ = 0;
  size_t two_byte_ = 0, longer_ = 0, bad_ = 0, run_ = 0;
  size_t skipped_ = 0;  // bytes of well-formed text that were not counted by sequence
  bool utf8_part_ = false;
  bool hopeless_ = false;

  std::vector<std::string_view> waiting_;  // in memory, to be collected
  size_t next_ = 0, next_at_ = 0;          // as far as that is done
  std::string first_;                // the sample of the first pieces
  size_t first_high_ = 0;            // bytes outside ASCII in it
  std::vector<std::string> later_;   // … of every stride_-th piece after that
  size_t stride_ = 1, pieces_ = 0;
  std::string plain_;
  std::unordered_map<uint64_t, int> seen_;  // how often a stretch came, by a hash of its letters: what a page repeats proves little more
  bool in_tag_ = false, in_script_ = false;
};

// Whether three UTF-8 sequences of three bytes stand in a row somewhere.
bool HasUtf8Part(std::string_view bytes);

}  // namespace fangzhi::decode
