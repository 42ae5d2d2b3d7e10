#include "common/error/exit_code.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <string>

#include "common/error/error.hpp"
#include "common/error/spec_errors.hpp"
#include "common/error/standard_streams.hpp"

namespace fedgram {

namespace {

int report(const char* program, const std::exception& error, int code)
{
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::fprintf(stderr, "%s: %s\n", program, line.c_str());
    return code;
}

int code_of(const char* program, const std::function<int()>& body)
{
    try {
        return body();
    } catch (const Interrupted& stop) {
        return 128 + stop.signal_number;
    } catch (const SpecErrors& errors) {
        std::istringstream lines{errors.what()};
        for (std::string line; std::getline(lines, line);) report(program, SpecError{line}, 2);
        return 2;
    } catch (const SpecError& error) {
        return report(program, error, 2);
    } catch (const DataError& error) {
        return report(program, error, 3);
    } catch (const ProtocolError& error) {
        return report(program, error, 4);
    } catch (const SystemError& error) {
        return report(program, error, 5);
    } catch (const std::exception& error) {
        return report(program, error, 1);
    }
}

}  // namespace

int exit_code_of(const char* program, const std::function<int()>& body)
{
    hold_standard_streams();
    const int code = code_of(program, body);
    if (output_has_arrived()) return code;
    if (reader_has_gone()) return code != 0 ? code : 128 + SIGPIPE;  // as a shell knows it of other programs
    const int lost =
        report(program, SystemError{"standard output can't be written; choose another place, or free space there"}, 5);
    return code != 0 ? code : lost;
}

}  // namespace fedgram
