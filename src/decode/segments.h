// Documents put together from parts in two encodings. Inside the station only.
#pragma once

#include <string_view>
#include <vector>

#include "decode/decode.h"
#include "decode/encodings.h"

namespace fangzhi::decode {

// Decodes in `main`, but a text node, or a run of one between ASCII, that is ill-formed or improbable in it and well-formed and better in
// another encoding in that.
class SegmentDecoder {
 public:
  explicit SegmentDecoder(std::string_view main);
  // As DecodePiece. A piece that does not end with the document is taken as far as its last tag or line's end, where it has one.
  size_t Piece(std::string_view bytes, bool last, std::string& out);
  size_t errors() const { return decoder_->errors + other_errors_; }
  bool four_byte() const { return decoder_->four_byte; }
  std::vector<Segment> TakeSegments() { return std::move(segments_); }

 private:
  void Node(std::string_view bytes, size_t at, size_t end, std::string& out);
  std::string_view Elsewhere(std::string_view part);
  void Convert(std::string_view part, std::string_view encoding, std::string& out);
  void Count(const std::string& out);
  void Flush(std::string_view bytes, size_t end, std::string& out);

  std::string_view main_;
  std::unique_ptr<Decoder> decoder_;
  size_t pending_ = 0;      // where what is still to be decoded in `main` begins
  size_t counted_ = 0;      // bytes of `out` whose characters are in characters_
  size_t characters_ = 0;
  size_t other_errors_ = 0;
  size_t budget_;           // bytes that may still be judged: what is nothing in any encoding is not looked at for ever
  std::vector<Segment> segments_;
};

}  // namespace fangzhi::decode
