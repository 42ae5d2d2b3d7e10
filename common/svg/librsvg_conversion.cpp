#include <cairo-pdf.h>
#include <cairo.h>
#include <librsvg/rsvg.h>

#include <cmath>
#include <memory>

#include "common/error/error.hpp"
#include "common/svg/converter.hpp"

namespace fedgram::svg {

namespace {

constexpr double points_per_inch = 72;
constexpr double pixels_per_inch = 600;

struct Release {
    void operator()(RsvgHandle* image) const { g_object_unref(image); }
    void operator()(GError* error) const { g_error_free(error); }
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};

template <class T>
using Owned = std::unique_ptr<T, Release>;

[[noreturn]] void fail(const std::string& why) { throw SystemError{"the figure can't be converted from SVG: " + why}; }

void check(cairo_status_t status)
{
    if (status != CAIRO_STATUS_SUCCESS) fail(cairo_status_to_string(status));
}

[[noreturn]] void fail(GError* error)
{
    const Owned<GError> owned{error};
    fail(owned != nullptr ? std::string{owned->message} : "librsvg gives no reason");
}

cairo_status_t append(void* text, const unsigned char* bytes, unsigned int length)
{
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
    return CAIRO_STATUS_SUCCESS;
}

/// An image that is read, and how large it is in dots of so many per inch.
struct Image {
    Owned<RsvgHandle> handle;
    RsvgRectangle area{};
};

Image read(const std::string& document, double per_inch)
{
    GError* error = nullptr;
    Image image{Owned<RsvgHandle>{
        rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(document.data()), document.size(), &error)}};
    if (image.handle == nullptr) fail(error);
    rsvg_handle_set_dpi(image.handle.get(), per_inch);
    if (rsvg_handle_get_intrinsic_size_in_pixels(image.handle.get(), &image.area.width, &image.area.height) == FALSE)
        fail("it has no size");
    return image;
}

void draw(const Image& image, cairo_surface_t* surface)
{
    const Owned<cairo_t> context{cairo_create(surface)};
    GError* error = nullptr;
    if (rsvg_handle_render_document(image.handle.get(), context.get(), &image.area, &error) == FALSE) fail(error);
    check(cairo_status(context.get()));
}

std::string to_pdf(const std::string& document)
{
    const auto image = read(document, points_per_inch);
    std::string bytes;
    const Owned<cairo_surface_t> surface{
        cairo_pdf_surface_create_for_stream(append, &bytes, image.area.width, image.area.height)};
    check(cairo_surface_status(surface.get()));
    // The same figure gives the same bytes, whatever the time.
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    draw(image, surface.get());
    cairo_surface_finish(surface.get());
    check(cairo_surface_status(surface.get()));
    return bytes;
}

// The document's own ground ends within the last row and column of pixels.
void paint_white(cairo_surface_t* surface)
{
    const Owned<cairo_t> context{cairo_create(surface)};
    cairo_set_source_rgb(context.get(), 1, 1, 1);
    cairo_paint(context.get());
    check(cairo_status(context.get()));
}

std::string to_png(const std::string& document)
{
    const auto image = read(document, pixels_per_inch);
    const Owned<cairo_surface_t> surface{cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                                    static_cast<int>(std::ceil(image.area.width)),
                                                                    static_cast<int>(std::ceil(image.area.height)))};
    check(cairo_surface_status(surface.get()));
    paint_white(surface.get());
    draw(image, surface.get());
    std::string bytes;
    check(cairo_surface_write_to_png_stream(surface.get(), append, &bytes));
    return bytes;
}

}  // namespace

}  // namespace fedgram::svg

extern "C" {
// Else a constant is of its source alone.
extern const fedgram::svg::Converter fedgram_svg_converter;
const fedgram::svg::Converter fedgram_svg_converter{fedgram::svg::to_pdf, fedgram::svg::to_png};
}
