#pragma once

#include "common/files/descriptor.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Whether a checksum of all bytes is written and compared. A file on a disk can be damaged; memory that a process
/// passes on can't.
enum class Damage { looked_for, ruled_out };

/// Writes a dataset as processes of this machine map it: a header in the machine's own byte order, which states shape,
/// counts, name, digest and checksum; then the samples, labels and nodes. Throws
/// SystemError when there is no room.
void write_data(const files::Descriptor& file, const Dataset& data, Damage damage);

/// What `write_data` wrote, mapped as long as a copy of the result lives, its file open as long. Throws DataError for
/// what is no such file, holds something else than its header says, or is damaged; the digest is believed.
[[nodiscard]] Dataset map_data(files::Descriptor file, Damage damage);

}  // namespace fedgram::datasets
