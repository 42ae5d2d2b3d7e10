#pragma once

#include "datasets/dataset.hpp"
#include "datasets/descriptor.hpp"

namespace fedgram::datasets {

/// Writes a dataset as processes of this machine map it: a header in the machine's own byte order, which states shape,
/// counts, name and digest; then the training set's pixels, its labels, and the test set's. Throws SystemError when there
/// is no room.
void write_data(const Descriptor& file, const Dataset& data);

/// What `write_data` wrote, mapped as long as a copy of the result lives, its file open as long. Throws DataError for what
/// is no such file, or holds something else than its header says; the digest is believed.
[[nodiscard]] Dataset map_data(Descriptor file);

}  // namespace fedgram::datasets
