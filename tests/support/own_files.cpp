#include "tests/support/own_files.hpp"

#include <spng.h>
#include <turbojpeg.h>
#include <zip.h>

#include <cstdlib>

namespace fedgram::datasets::test {

namespace {

void must(bool done, const std::string& what)
{
    if (!done) throw std::runtime_error{"can't " + what};
}

}  // namespace

std::string npy_bytes(const std::string& type, const std::vector<std::uint32_t>& sizes, const std::string& values,
                      const std::string& fortran_order)
{
    std::string shape;
    for (const auto size : sizes) shape += std::to_string(size) + ", ";
    if (sizes.size() > 1) shape.resize(shape.size() - 2);
    if (sizes.size() == 1) shape.resize(shape.size() - 1);  // "(3,)"
    auto header = "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': (" + shape + "), }";
    while ((10 + header.size() + 1) % 64 != 0) header += ' ';
    header += '\n';
    return "\x93NUMPY" +
           std::string{'\x01', '\0', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)} +
           header + values;
}

void write_npz(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& arrays)
{
    int code = 0;
    zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    must(archive != nullptr, "write " + path.string());
    for (const auto& [name, bytes] : arrays) {
        auto* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
        must(zip_file_add(archive, (name + ".npy").c_str(), source, 0) >= 0, "add " + name);
    }
    must(zip_close(archive) == 0, "write " + path.string());
}

void write_png(const std::filesystem::path& path, std::uint32_t height, std::uint32_t width, std::uint32_t channels,
               const Bytes& pixels)
{
    spng_ctx* const context = spng_ctx_new(SPNG_CTX_ENCODER);
    must(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1) == 0, "encode");
    spng_ihdr header{};
    header.width = width;
    header.height = height;
    header.bit_depth = 8;
    header.color_type = channels == 1 ? SPNG_COLOR_TYPE_GRAYSCALE : SPNG_COLOR_TYPE_TRUECOLOR;
    must(spng_set_ihdr(context, &header) == 0, "encode");
    must(spng_encode_image(context, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE) == 0, "encode");
    std::size_t size = 0;
    int error = 0;
    auto* const bytes = static_cast<std::uint8_t*>(spng_get_png_buffer(context, &size, &error));
    must(bytes != nullptr, "encode");
    write(path, Bytes{bytes, bytes + size});
    std::free(bytes);
    spng_ctx_free(context);
}

void write_jpeg(const std::filesystem::path& path, std::uint32_t height, std::uint32_t width, const Bytes& grey)
{
    const tjhandle context = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    constexpr int quality = 95;
    must(tjCompress2(context, grey.data(), static_cast<int>(width), 0, static_cast<int>(height), TJPF_GRAY, &bytes,
                     &size, TJSAMP_GRAY, quality, TJFLAG_ACCURATEDCT) == 0,
         "encode");
    write(path, Bytes{bytes, bytes + size});
    tjFree(bytes);
    tjDestroy(context);
}

}  // namespace fedgram::datasets::test
