#pragma once

namespace fedgram {

/// Takes the place of each of the descriptors 0 to 2 that is closed, by one that reads nothing and can't be written
/// to: no file or socket that is opened later lands there and gets what is printed. And a reader that goes away no
/// longer ends this process in the middle of its work. Called first of all.
void hold_standard_streams();

/// Whether all that was printed on standard output so far has got there, as it hasn't on a full disk.
[[nodiscard]] bool output_has_arrived();

/// Whether standard output is a pipe whose reader has gone: it has seen enough, as `head` does.
[[nodiscard]] bool reader_has_gone();

}  // namespace fedgram
