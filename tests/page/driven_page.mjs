// What a reader does on the page, and what stands there then.

// Numbers and bands of a table, row by row.
export const page_cells = (page, table) =>
  page.$$eval(`${table} tbody tr`, rows =>
    rows.map(row => [
      row.querySelector('th').firstChild.textContent,
      ...[...row.querySelectorAll('.cell')].map(cell => [...cell.children].map(child => child.textContent)),
    ]),
  );

// By the keyboard: charts that are drawn as they come near move what a mouse was about to click.
export async function set_text(page, selector, text) {
  await page.focus(selector);
  await page.$eval(selector, input => input.select());
  await page.type(selector, text);
  await page.keyboard.press('Enter');
}

export async function leave_out(page, country) {
  await page.click(`[aria-label="Leave out ${country}"]`);
}
