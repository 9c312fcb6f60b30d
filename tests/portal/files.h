// Attachments, pictures and compression, all made from a number: no file lies in the tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fangzhi::portal {

// A small valid PDF, an OLE container's first bytes with filler (a .doc), a PNG of 32 by 32.
std::string MakePdf(uint64_t hash);
std::string MakeDoc(uint64_t hash);
std::string MakePng(uint64_t hash);

// gzip with one block of fixed Huffman codes: modest, but real compression without a library.
std::string Gzip(std::string_view data);
// A gzip stream of so many zero bytes: about 1/200 of them.
std::string GzipBomb(uint64_t size);

}  // namespace fangzhi::portal
