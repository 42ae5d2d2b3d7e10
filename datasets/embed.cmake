# cmake -D FOLDER=... -D FILES="a.csv b/c.json" -D OUTPUT=x.cpp -P embed.cmake
# Writes a C++ source that holds the files of FOLDER as text, in ascending order of path.
separate_arguments(FILES UNIX_COMMAND "${FILES}")
list(SORT FILES)
set(ENTRIES "")
foreach(FILE IN LISTS FILES)
  file(READ "${FOLDER}/${FILE}" TEXT)
  string(APPEND ENTRIES "    {\"${FILE}\", R\"record(${TEXT})record\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
"#include \"datasets/records/embedded_file.hpp\"

namespace fedgram::datasets {

namespace {

constexpr EmbeddedFile files[] = {
${ENTRIES}};

}  // namespace

constinit const std::span<const EmbeddedFile> embedded_records{files};

}  // namespace fedgram::datasets
")
