import { deviceZone } from '$lib/format';

// What is paid with where this device's clock stands; a first guess that is easy to change.
const currencyOf: Record<string, string> = {
	'Europe/London': 'GBP', 'Europe/Zurich': 'CHF', 'Europe/Stockholm': 'SEK', 'Europe/Oslo': 'NOK', 'Europe/Copenhagen': 'DKK',
	'Europe/Warsaw': 'PLN', 'Europe/Prague': 'CZK', 'Europe/Budapest': 'HUF', 'Europe/Bucharest': 'RON', 'Europe/Istanbul': 'TRY',
	'America/New_York': 'USD', 'America/Chicago': 'USD', 'America/Denver': 'USD', 'America/Phoenix': 'USD', 'America/Los_Angeles': 'USD',
	'America/Anchorage': 'USD', 'Pacific/Honolulu': 'USD', 'America/Toronto': 'CAD', 'America/Vancouver': 'CAD', 'America/Edmonton': 'CAD',
	'America/Halifax': 'CAD', 'America/Mexico_City': 'MXN', 'America/Sao_Paulo': 'BRL', 'Australia/Sydney': 'AUD', 'Australia/Melbourne': 'AUD',
	'Australia/Brisbane': 'AUD', 'Australia/Perth': 'AUD', 'Pacific/Auckland': 'NZD', 'Asia/Tokyo': 'JPY', 'Asia/Kolkata': 'INR',
	'Asia/Calcutta': 'INR', 'Africa/Johannesburg': 'ZAR'
};

export function deviceCurrency(): string {
	return currencyOf[deviceZone()] ?? 'EUR';
}

export function taxUsuallyAdded(): boolean {
	return ['USD', 'CAD'].includes(deviceCurrency());
}
