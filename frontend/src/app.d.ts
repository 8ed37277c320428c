declare global {
	namespace App {
		interface Error {
			message: string;
			code?: string;
			status?: number;
		}
		interface PageState {
			/** A dialog or sheet opened on top of the page, so that Back closes it. */
			open?: string;
		}
	}
}

export {};
