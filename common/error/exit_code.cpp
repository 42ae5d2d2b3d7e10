#include "common/error/exit_code.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "common/error/error.hpp"

namespace fedgram {

namespace {

int report(const char* program, const std::exception& error, int code)
{
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::fprintf(stderr, "%s: %s\n", program, line.c_str());
    return code;
}

}  // namespace

int exit_code_of(const char* program, const std::function<void()>& body)
{
    try {
        body();
        return 0;
    } catch (const Interrupted& stop) {
        return 128 + stop.signal_number;
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

}  // namespace fedgram
