#include "common/report/drawing/text_width.hpp"

#include <catch2/catch.hpp>

#include "common/report/drawing/xml_text.hpp"

using namespace fedgram::report;

TEST_CASE("Text is broken at blanks, and within a word that is too wide by itself")
{
    CHECK(wrapped("United States", 15) == std::vector<std::string>{"United", "States"});
    CHECK(wrapped("United States", 100) == std::vector<std::string>{"United States"});
    std::string joined;
    for (const auto& line : wrapped("a federated-noniid-dirichlet-0.5 training", 20)) {
        CHECK(text_width(line) <= 20);
        for (const char letter : line) joined += letter == ' ' ? "" : std::string{letter};
    }
    CHECK(joined == "afederated-noniid-dirichlet-0.5training");
    // No character of several bytes is cut.
    for (const auto& line : wrapped("T\u00fcrkiyeT\u00fcrkiyeT\u00fcrkiye", 6)) CHECK((line.front() & 0xC0) != 0x80);
    CHECK(wrapped("", 10) == std::vector<std::string>{""});
}

TEST_CASE("A text in XML has no markup, no control character and no byte that isn't UTF-8")
{
    CHECK(xml_text("a<b> & \"c\"") == "a&lt;b&gt; &amp; &quot;c&quot;");
    CHECK(xml_text("T\u00fcrkiye \u6771\u4eac") == "T\u00fcrkiye \u6771\u4eac");
    CHECK(xml_text(std::string{"a\x01\xff\xc3"}) == "a\uFFFD\uFFFD\uFFFD");
}
