import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { counted, failureText, rowText, statusOf, type ImportRow } from '../words';
import { grouped } from './groups';

const wrong = (row: number, column: string, code: string, value?: string): Schema['RowError'] => ({
	row, column, code, message: `server: ${code}`, ...(value === undefined ? {} : { params: { value } })
});

describe('what is wrong with the rows of a file', () => {
	it('is grouped by reason and column, the most frequent first', () => {
		const groups = grouped([
			wrong(2, 'SKU', 'sku_taken'), wrong(3, 'Price', 'bad_amount', '1O'), wrong(4, 'Price', 'bad_amount', '2O'),
			wrong(4, 'Cost', 'bad_amount', 'x'), wrong(9, 'Price', 'bad_amount', '3O')
		]);
		expect(groups.map((g) => [g.column, g.rows.map((r) => r.row)])).toEqual([['Price', [3, 4, 9]], ['SKU', [2]], ['Cost', [4]]]);
		expect(groups[0]!.rows[1]!.text).toContain('2O');
	});

	it('takes a thousand rows', () => {
		const groups = grouped(Array.from({ length: 1000 }, (_, i) => wrong(i + 2, '', 'ragged')));
		expect(groups).toHaveLength(1);
		expect(groups[0]!.rows).toHaveLength(1000);
	});

	it('is said in the words of the server where the code is new, or its value is not there', () => {
		expect(rowText('brand_new', 'Do it otherwise.')).toBe('Do it otherwise.');
		expect(rowText('bad_amount', 'No amount.')).toBe('No amount.');
		expect(rowText('bad_amount', 'No amount.', { value: '1O' })).toContain('“1O”');
	});
});

describe('an import in a list', () => {
	const row = (status: ImportRow['status'], undoing = false) => ({ create: 1200, update: 1, skip: 3, errorRows: 2, status, undoing }) as ImportRow;

	it('says what it would do, and afterwards what it did', () => {
		expect(counted(row('previewed'))).toEqual(['1,200 to create', '1 to update', '2 with errors', '3 left out']);
		expect(counted(row('committed'))).toEqual(['1,200 created', '1 updated', '5 left out']);
	});

	it('says which way it goes, and why it stands where it stands', () => {
		const undone = { ...row('running', true), committedAt: '2026-11-20T10:00:00Z' };
		const cancelled = { ...row('failed'), failureCode: 'cancelled' };
		const said = [row('running'), row('running', true), undone, row('failed'), cancelled].map((i) => statusOf(i).text);
		expect(said).toEqual(['Running', 'Being taken back', 'Being undone', 'Failed', 'Cancelled']);
	});
});

describe('a failed import', () => {
	const said = (failureCode: string, failureParams: Record<string, unknown> = {}, archived = 0) =>
		failureText({ failure: 'In English.', failureCode, failureParams, archived });

	it('says why in the person’s language, or else as the server did', () => {
		expect(said('cancelled', { by: 'Olga' })).toBe('Olga cancelled it.');
		expect(said('import_running')).toContain('The shop changed on the way: ');
		expect(said('brand_new')).toBe('In English.');
		expect(said('stopped', {}, 3)).toMatch(/^Onhand stopped .* 3 /);
	});
});
