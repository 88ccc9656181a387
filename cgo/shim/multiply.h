// A product by whatever the unit has for it.
#pragma once

#include "matmul.h"
#ifdef CEI_TILES
#include "tiles.h"
#endif

namespace ceitorch {
namespace CEI_UNIT {

#ifdef CEI_TILES
template <typename T>
constexpr int64_t kVectorsAPanel = sizeof(T) == 4 ? 16 : 4;  // at most: what is packed of a layer serves a whole panel

template <typename T, Start start, Finish finish>
void multiply(const Product<T>& p) {
  if constexpr (sizeof(T) == 4) {
    if (worth_tiles(p)) return multiply_by_tiles<start, finish>(p);
  }
  multiply_by_vectors<T, start, finish>(p);
}
#else
template <typename T>
constexpr int64_t kVectorsAPanel = 4;

template <typename T, Start start, Finish finish>
void multiply(const Product<T>& p) {
  multiply_by_vectors<T, start, finish>(p);
}

// What the processor has to be set up for while a worker's task runs: nothing.
struct Tiles {
  Tiles() {}
};
#endif

}  // namespace CEI_UNIT
}  // namespace ceitorch
