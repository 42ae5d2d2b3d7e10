#pragma once

#include <cstddef>

namespace fedgram::learning::native {

// Winograd's minimal filtering F(4 x 4, 3 x 3) (Winograd 1980; for convolutions Lavin and Gray 2016, arXiv:1509.09308,
// section 4.3): an image is cut into tiles of 4 x 4 outputs, each of which sees a patch of 6 x 6 inputs. With the
// matrices A, B and G of the points 0, 1, -1, 2, -2 and infinity, a tile of outputs is
//     A^T [ (G g G^T) . (B^T d B) ] A
// of a filter g and a patch d, where . multiplies place by place: 36 products in place of 144.

/// A tile's side, a patch's, and the places of a transformed patch.
inline constexpr std::size_t tile_side = 4;
inline constexpr std::size_t patch_side = 6;
inline constexpr std::size_t patch_places = patch_side * patch_side;
inline constexpr std::size_t filter_side = 3;
inline constexpr std::size_t filter_taps = filter_side * filter_side;

/// Tiles, or patches, that lie side by side in an image [row][column][channel], a tile_side apart. What lies outside of
/// the image is zero where it is read, and isn't written.
struct TileRow {
    std::size_t rows = 0;     ///< of the image
    std::size_t columns = 0;  ///< of the image
    std::size_t channels = 0;
    std::size_t row_stride = 0;
    std::ptrdiff_t row = 0;     ///< of the first tile's first pixel; may be outside
    std::ptrdiff_t column = 0;  ///< the same
    std::size_t tiles = 0;
};

}  // namespace fedgram::learning::native
